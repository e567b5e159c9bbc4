"""Who may read what: the built command against the visibility table.

rules.py HEIRLOOM    For four real rooms and three people each, alice shares the room with its history
and the person takes it in. vodozemac then opens what it can with the delivered keys. That must be what
the table of the Matrix specification allows, worked out here from the events alone, less what Megolm's
one-way ratchet makes impossible, which the account must list. For newton the table's answer must also
be what the homeserver showed her. Then a window of one month, the index-256 borders of a long session,
and hostile keys beside real messages.
"""

import datetime
import json
import pathlib
import sys
import tempfile

import key_export
from messages import encrypted, index, read_with_vodozemac
from person import DELIVERED, Person, check, pin
import person

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ROOT / "Tests" / "Rooms"
KEYS = ROOT / "Examples" / "alice.keys.txt"
FLAGGED = "flagged pass 2"
HEIRLOOM = str(pathlib.Path(sys.argv[1]).resolve())


def history(room):
    return ROOT / "Examples" / "garden" / "events.json" if room == "garden" \
        else ROOMS / room / "events.json"


def table(events, user, joining):
    """event id → may the user see it: the table, event by event."""
    changes = [(place, e["content"]["membership"]) for place, e in enumerate(events)
               if e["type"] == "m.room.member" and e["state_key"] == user]
    now = changes[-1][1] if changes else "none"
    in_room = now == "join" or (joining and now != "ban")
    visibility, membership, answer = "shared", "none", {}
    for place, event in enumerate(events):
        if event["type"] == "m.room.history_visibility":
            visibility = event["content"]["history_visibility"]
        if event["type"] == "m.room.member" and event["state_key"] == user:
            membership = event["content"]["membership"]
        joins = in_room and (
            joining or any(at > place and change == "join" for at, change in changes))
        answer[event["event_id"]] = (
            visibility == "world_readable" or membership == "join"
            or (visibility == "shared" and joins)
            or (visibility == "invited" and membership == "invite" and joins))
    return answer


def one_way(messages, allowed):
    """Allowed messages that a key opens only together with forbidden ones: a key opens all that
    follows its index."""
    last = {}
    for event in messages:
        if not allowed[event["event_id"]]:
            session = event["content"]["session_id"]
            last[session] = max(last.get(session, -1), index(event))
    return {e["event_id"] for e in messages if allowed[e["event_id"]]
            and index(e) <= last.get(e["content"]["session_id"], -1)}


def hand_over(alice, other, room, events, *options, receiving=()):
    """What the other's client can open after a share and a receive; and both accounts."""
    room_id = events[0]["room_id"]
    sealed, out = alice.folder / "sealed.heir", alice.folder / "delivered.txt"
    for file in (sealed, out):
        file.unlink(missing_ok=True)
    shared = alice.share(
        [KEYS], [FLAGGED], room_id, [other.name], sealed, "--history", history(room), *options,
        status=(0, 2, 5, 6))
    if not sealed.exists():
        return set(), shared, None
    received = other.receive(sealed, "alice", room_id, out, *receiving, status=(0, 2, 5))
    if not out.exists():
        return set(), shared, received
    keys = key_export.read(out, DELIVERED)
    return set(read_with_vodozemac(keys, events)), shared, received


def check_tables(alice, people):
    for room in ("garden", "council", "archive", "bridge"):
        events = json.loads(history(room).read_text())
        messages = encrypted(events)
        shown = {e["event_id"] for e in encrypted(json.loads(
            (ROOMS / room / "events-newton.json").read_text()))}
        for other in people:
            user = f"@{other.name}:heirloom.test"
            answers = table(events, user, joining=True)
            allowed = {e["event_id"] for e in messages if answers[e["event_id"]]}
            impossible = one_way(messages, answers)
            what = f"{room}, {other.name}"
            if other.name == "newton":
                check(allowed == shown, f"{what}: the table allows what the homeserver shows")
            # Each receives with the history as they themselves are shown it.
            own = ROOMS / room / "events-newton.json" if other.name == "newton" else history(room)
            read, shared, received = hand_over(
                alice, other, room, events,
                receiving=("--history", own, "--for", user, "--as-joining"))
            check(read == allowed - impossible,
                  f"{what}: {len(read)} messages open, the table allows {len(allowed)}, "
                  f"{len(impossible)} cannot be had")
            listed = {e for s in shared.get("sessions", []) for e in s["lost"]}
            if "sessions" in shared:
                check(listed == impossible, f"{what}: the account lists those {len(listed)}")
                counts = shared["counts"]
                check(counts["sessions"] == sum(
                    v for k, v in counts.items() if k not in ("sessions", "duplicates")),
                    f"{what}: the counts of {counts['sessions']} sessions add up")
            if received:
                account = received["account"]
                check(account["total"] == len(received["sessions"]),
                      f"{what}: so do those of {account['total']} received")


def check_window(alice, newton):
    """A month of garden: nothing before it opens; after it what the plan said."""
    events = json.loads(history("garden").read_text())
    since, until = "2026-03-01T00:00Z", "2026-03-31T23:59:59Z"
    start, end = (int(datetime.datetime.fromisoformat(t.replace("Z", "+00:00")).timestamp() * 1000)
                  for t in (since, until))
    times = {e["event_id"]: e["origin_server_ts"] for e in encrypted(events)}
    read, shared, _ = hand_over(
        alice, newton, "garden", events, "--since", since, "--until", until)
    inside = {e for e, at in times.items() if start <= at <= end}
    past = {e for e in read if times[e] > end}
    check(all(times[e] >= start for e in read), "window: nothing before it opens")
    check(inside <= read, f"window: all its {len(inside)} messages open")
    check(len(past) == shared["summary"]["messagesPastEnd"] > 0,
          f"window: past its end open the {len(past)} messages that the plan counted")
    check(shared["summary"]["woundForward"] > 0, "window: some sessions are wound forward")
    read, shared, _ = hand_over(
        alice, newton, "garden", events, "--since", since, "--until", until, "--strict-end")
    check(read and all(start <= times[e] <= end for e in read) and
          shared["counts"]["pastWindowEnd"] > 0,
          f"strict window: {len(read)} messages open, none outside")


def check_borders(alice, newton):
    """Room bridge: windows that begin on either side of indices 255, 256, 257 of a long session."""
    events = json.loads(history("bridge").read_text())
    messages = encrypted(events)
    by_session = {}
    for event in messages:
        by_session.setdefault(event["content"]["session_id"], []).append(event)
    longest = sorted(max(by_session.values(), key=len), key=index)
    check(index(longest[-1]) > 257, f"bridge: a session goes to index {index(longest[-1])}")
    for border in (255, 256, 257):
        first = next(e for e in longest if index(e) >= border)
        at = datetime.datetime.fromtimestamp(
            first["origin_server_ts"] / 1000, datetime.timezone.utc)
        since = at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{first['origin_server_ts'] % 1000:03}Z"
        read, shared, _ = hand_over(alice, newton, "bridge", events, "--since", since)
        mine = {e["event_id"] for e in longest if index(e) >= index(first)}
        others = {e["event_id"] for e in longest} - mine
        check(mine <= read and not others & read,
              f"bridge: a window from index {border} opens {len(mine)} of that session, no others")


def check_hostile(alice, newton):
    """Hostile keys, alone and beside the true ones: messages decide, and what they do not prove is
    neither handed over nor displaces anything."""
    folder = ROOT / "Tests" / "KeyFormatsTests" / "Corpus" / "poison"
    events = json.loads(history("garden").read_text())
    room = events[0]["room_id"]
    honest, _, _ = hand_over(alice, newton, "garden", events)
    for case in ("r0-flipped", "r3-flipped", "lower-index-garbage", "duplicate-bad-first",
                 "duplicate-good-first", "wrong-room-twice"):
        sealed, out = alice.folder / "sealed.heir", alice.folder / "delivered.txt"
        for path in (sealed, out):
            path.unlink(missing_ok=True)
        alice.share(
            [folder / f"{case}.txt", KEYS], ["poison", FLAGGED], room, ["newton"], sealed,
            "--history", history("garden"), status=(0, 2))
        newton.receive(sealed, "alice", room, out, "--history", history("garden"),
                       "--for", "@newton:heirloom.test", status=(0, 2))
        read = set(read_with_vodozemac(key_export.read(out, DELIVERED), events))
        check(read == honest, f"{case} beside the true keys: messages decide, {len(read)} open")
    for case, rule in (("r0-flipped", "opens-nothing"), ("r3-flipped", "opens-nothing"),
                       ("wrong-sender-key", "other-owner"), ("forged-sender", None)):
        sealed = alice.folder / "sealed.heir"
        sealed.unlink(missing_ok=True)
        result = alice.run(
            "share", "--json", "--plan", "--keys", folder / f"{case}.txt",
            "--keys-passphrase-file", alice.secret("poison"), "--room", room, "--to", "newton",
            "--history", history("garden"), status=(0, 2, 5))
        sessions = json.loads(result.stdout)["sessions"]
        if rule is None:
            check(all(s["proof"] != "proven" for s in sessions), f"{case} alone: proves nothing")
        else:
            check([s["rule"] for s in sessions] == [rule], f"{case} alone: {rule}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        alice = Person(HEIRLOOM, folder, "alice")
        people = [Person(HEIRLOOM, folder, n) for n in ("newton", "bob", "mallory")]
        for other in people:
            pin(alice, other, "--user", f"@{other.name}:heirloom.test")
            pin(other, alice)
        check_tables(alice, people)
        check_window(alice, people[0])
        check_borders(alice, people[0])
        check_hostile(alice, people[0])
    print(f"{person.checks} checks, all of them hold")


main()
