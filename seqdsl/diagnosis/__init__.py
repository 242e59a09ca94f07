"""message of a framework → what it means for the topology, with the wrong and the right picture.

    pasted text ─ find ─▶ kinds of messages and their numbers ─ diagnose ─▶ diagnosis ─ words, report ─▶ text, JSON

A kind of message is a record in `seqdsl/diagnosis/kinds`; nothing else knows one. No framework is
imported: what they say is compared with the records by a test that makes them say it.
"""
