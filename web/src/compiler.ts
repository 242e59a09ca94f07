// requests → promises: the worker, and a watchdog that starts another one where it does not answer in time.

import type { Answer, FromWorker, Request, Task, Tasks } from "./protocol";

// Milliseconds within which an answer has to come. The first one waits for the compiler itself to load.
export const LIMITS: Record<Task, number> = {
  compile: 10_000,
  fixes: 15_000,
  format: 20_000,
  fit: 30_000,
  check: 10_000,
  code: 10_000,
  error: 30_000,
  complete: 10_000,
  hover: 10_000,
};
const LOADING = 120_000;

export class Fault extends Error {}

export type State = "loading" | "starting" | "ready" | "broken";

interface Waiting {
  request: Request;
  resolve(value: unknown): void;
  reject(fault: Fault): void;
  timer: number;
}

export class Compiler {
  private worker: Worker;
  private isReady = false;
  private next = 1;
  private readonly waiting = new Map<number, Waiting>();
  restarts = 0;
  // Milliseconds that the worker took for the last answer.
  took = 0;

  constructor(
    private readonly url: URL,
    private readonly onState: (state: State, detail: string) => void,
    readonly limits: Record<Task, number> = { ...LIMITS },
  ) {
    this.worker = this.started();
  }

  ask<T extends Task>(task: T, input: Tasks[T]["takes"]): Promise<Tasks[T]["gives"]> {
    return new Promise((resolve, reject) => {
      const request: Request = { id: this.next++, task, input };
      const waiting: Waiting = {
        request,
        resolve: resolve as (value: unknown) => void,
        reject,
        timer: 0,
      };
      this.waiting.set(request.id, waiting);
      this.watch(waiting);
      this.worker.postMessage(request);
    });
  }

  private started(): Worker {
    const worker = new Worker(this.url, { type: "module", name: "seqdsl" });
    worker.onmessage = (event: MessageEvent<FromWorker>) => this.received(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.broken(event.message || "the compiler could not be loaded");
    };
    return worker;
  }

  private watch(waiting: Waiting): void {
    const limit = this.limits[waiting.request.task] + (this.isReady ? 0 : LOADING);
    clearTimeout(waiting.timer);
    waiting.timer = setTimeout(() => this.late(waiting), limit);
  }

  private received(message: FromWorker): void {
    if ("state" in message) this.onState(message.state as State, "");
    else if ("ready" in message) {
      this.isReady = true;
      this.onState("ready", `${Math.round(message.ready)}`);
      this.waiting.forEach((item) => this.watch(item));
    } else if ("broken" in message) this.broken(message.broken);
    else this.settle(message);
  }

  private settle(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.waiting.delete(answer.id);
    if ("fault" in answer) waiting.reject(new Fault(answer.fault));
    else {
      this.took = answer.took;
      waiting.resolve(answer.value);
    }
  }

  // One request took too long: it is given up, and the others are asked of another worker.
  private late(waiting: Waiting): void {
    this.worker.terminate();
    this.isReady = false;
    this.restarts += 1;
    this.waiting.delete(waiting.request.id);
    waiting.reject(new Fault(`no answer to ${waiting.request.task} in time; the compiler was restarted`));
    this.worker = this.started();
    for (const item of this.waiting.values()) {
      this.watch(item);
      this.worker.postMessage(item.request);
    }
  }

  private broken(reason: string): void {
    this.onState("broken", reason);
    for (const item of [...this.waiting.values()]) {
      this.settle({ id: item.request.id, fault: reason });
    }
  }
}
