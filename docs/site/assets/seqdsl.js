// "Try it" at every picture, the gallery's search, and a playground within a page. Works where pages are swapped in place, too.
(() => {
  const config = document.getElementById("__config");
  const base = new URL(config ? JSON.parse(config.textContent).base : ".", location.href);
  const play = (hash) => new URL(`play/index.html${hash}`, base.href.replace(/\/?$/, "/")).href;

  // The playground within a page has the colors of that page, also after they are switched.
  function framed() {
    const frame = document.createElement("iframe");
    const theme = () => (document.body.dataset.mdColorScheme === "slate" ? "dark" : "light");
    frame.src = play("").replace(/(?=#|$)/, `?theme=${theme()}`);
    frame.title = "The playground";
    const tell = () => frame.contentWindow?.postMessage({ theme: theme() }, location.origin);
    new MutationObserver(tell).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
    return frame;
  }

  function offerToTry() {
    if (!window.seqdslPlayground) return;
    for (const block of document.querySelectorAll(".language-seq")) {
      const code = block.querySelector("code");
      if (!code || block.querySelector(".seq-try")) continue;
      const link = document.createElement("a");
      link.className = "seq-try";
      link.textContent = "try it";
      link.title = "Open this picture in the playground";
      link.href = play(`#text=${encodeURIComponent(code.textContent)}`);
      block.append(link);
    }
    for (const place of document.querySelectorAll(".seq-live:empty")) {
      const button = document.createElement("button");
      button.className = "md-button md-button--primary";
      button.textContent = place.dataset.title;
      button.addEventListener("click", () => {
        place.replaceChildren(framed());
      });
      const alone = document.createElement("a");
      alone.className = "md-button";
      alone.textContent = "On a page of its own";
      alone.href = play("");
      place.append(button, " ", alone);
    }
  }

  function find() {
    const [topology, layer, words, count] = ["topology", "layer", "words", "count"].map((name) =>
      document.getElementById(`seq-${name}`),
    );
    if (!words) return;
    const has = (values, value) => !value || values.split("|").includes(value);
    const show = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const card of document.querySelectorAll(".seq-card")) {
        const { topologies, layers, words: text } = card.dataset;
        const fits =
          has(topologies, topology.value) && has(layers, layer.value) && wanted.every((word) => text.includes(word));
        card.hidden = !fits;
        shown += fits;
      }
      count.textContent = `${shown} picture${shown === 1 ? "" : "s"}`;
    };
    for (const field of [topology, layer, words]) field.addEventListener("input", show);
    show();
  }

  const start = () => {
    offerToTry();
    find();
  };
  if (window.document$) window.document$.subscribe(start);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
