"""The coverage page and the archive's log in a real browser without a network.

page.py HEIRLOOM    makes the pages of a real room and of one whose ids and messages try to be HTML, and
has headless Chromium lay them out, print them and draw them.
"""

import base64
import html.parser
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import vodozemac

from person import Person, check
import person

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEIRLOOM = str(pathlib.Path(sys.argv[1]).resolve())
BROWSER = shutil.which("chromium") or sys.exit("FAILED: there is no chromium")


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]

    def handle_data(self, data):
        self.text.append(data)


def browse(folder, page, *options):
    return subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
         "--host-resolver-rules=MAP * ~NOTFOUND", *options,
         page.as_uri()], capture_output=True, check=True, cwd=folder,
        env={**os.environ, "HOME": str(folder)}).stdout


def coverage(someone, history, *options):
    page = someone.folder / "page.html"
    page.unlink(missing_ok=True)
    someone.run(
        "coverage", "--keys", ROOT / "Tests/KeyFormatsTests/Corpus/newton.keys.txt",
        "--keys-passphrase-file", someone.secret("newton heirloom pass 1"), "--history", history,
        "--html", page, *options, status=(0, 2))
    return page


HOSTILE = [
    "<script>document.title='run'</script>", "<img src=x onerror=alert(1)>", "</li></ol><h1>moved</h1>",
    "<svg onload=alert(1)>", "&lt;b&gt;not bold&lt;/b&gt;", "javascript:alert(1)", "\" onclick=\"x",
    "<!-- open", "]]>", "<style>*{display:none}</style>", "<a href=https://example.org>click</a>",
    "\u202eturned", "two\nlines", "<iframe src='https://example.org'>", "\x00\x1b[2Jcleared",
    "<meta http-equiv=refresh content=0;url=https://example.org>", "<base href='https://example.org'>",
]


def hostile_room(folder):
    """A room whose messages are HTML, under a real session."""
    session, room, events = vodozemac.GroupSession(), "!hostile:x", []
    exported = vodozemac.InboundGroupSession(session.session_key).export_at(0).to_base64()

    def add(kind, content, **more):
        number = base64.urlsafe_b64encode(len(events).to_bytes(32, "big")).decode().rstrip("=")
        events.append(dict(
            type=kind, event_id="$" + number, room_id=room, sender="@m:x", content=content,
            origin_server_ts=1_700_000_000_000 + 60_000 * len(events), **more))
        return "$" + number

    def say(content, outside=None):
        text = json.dumps(dict(type="m.room.message", room_id=room, content=content))
        return add("m.room.encrypted", dict(
            algorithm="m.megolm.v1.aes-sha2", session_id=session.session_id,
            ciphertext=session.encrypt(text.encode()).to_base64(), **(outside or {})))

    add("m.room.create", {}, state_key="")
    for body in HOSTILE:
        say(dict(msgtype="m.text", body=body))
    say(dict(msgtype="m.image<script>", body="<b>picture</b>.png"))
    first = say(dict(msgtype="m.text", body="as it was"))
    say({"msgtype": "m.text", "body": "* as it is", "m.new_content": {"body": "as it is"}},
        {"m.relates_to": {"rel_type": "m.replace", "event_id": first}})
    history, keys = folder / "hostile-room.json", folder / "hostile-keys.json"
    history.write_text(json.dumps(events))
    keys.write_text(json.dumps([dict(
        algorithm="m.megolm.v1.aes-sha2", room_id=room, session_id=session.session_id,
        session_key=exported, sender_key="bZFrh669vmusHiEcC+Wb5IgRH98zRrT+fKyiQPMF90s",
        sender_claimed_keys={"ed25519": "YTTp6+P00Ki0rXAGkjAd9/e8MiRr1vcYAOvG71ec8wU"},
        forwarding_curve25519_key_chain=[])]))
    return history, keys


def check_log(folder, someone):
    history, keys = hostile_room(folder)
    someone.run("archive", "add", keys)
    page = folder / "log.html"
    someone.run("archive", "read", "--history", history, "--html", page)
    seen = Page()
    dom = browse(folder, page, "--dump-dom").decode()
    seen.feed(dom)
    allowed = {"html", "head", "meta", "title", "style", "body", "main", "h1", "p", "ol", "li", "b",
               "time", "small"}
    check(set(seen.tags) <= allowed and seen.tags.count("h1") == 1
          and seen.tags.count("style") == 1 and seen.tags.count("meta") == 3,
          "hostile messages: none of them became a part of the page")
    check(not any(name.startswith("on") or name in ("src", "href") for _, name, _ in seen.attributes),
          "hostile messages: nothing runs, loads or leads away")
    check(seen.tags.count("li") == len(HOSTILE) + 2, "every message is there, the edit in its place")
    text = "".join(seen.text)
    check("as it is" in text and "as it was" not in text and "* as it is" not in text,
          "an edit shows its new text")
    check(all(body in text for body in HOSTILE if body.isprintable()),
          "hostile messages: they are shown as they are")
    check("\u202e" not in dom and "\x1b" not in dom, "what would turn or clear a line is spelled out")
    shown = someone.run("archive", "read", "--history", history).stdout.decode()
    check("\x1b" not in shown and "\u202e" not in shown and "\x00" not in shown,
          "nor does it reach a terminal")
    browse(folder, page, f"--print-to-pdf={folder}/log.pdf", "--no-pdf-header-footer")
    check((folder / "log.pdf").stat().st_size > 10_000, "the log prints")


def check_page(folder, page, what):
    seen = Page()
    dom = browse(folder, page, "--dump-dom").decode()
    seen.feed(dom)
    check("script" not in seen.tags and "img" not in seen.tags and "link" not in seen.tags
          and not any(name.startswith("on") for _, name, _ in seen.attributes),
          f"{what}: nothing in it runs or loads")
    check(not any(value and value.startswith(("http:", "https:", "//"))
                  for _, name, value in seen.attributes if name in ("src", "href", "data")),
          f"{what}: nothing points elsewhere")
    check(("html", "lang", "en") in seen.attributes and "h1" in seen.tags and "title" in seen.tags
          and ("svg", "role", "img") in seen.attributes
          and seen.tags.count("th") > 10 and ("th", "scope", "row") in seen.attributes,
          f"{what}: headings, a titled picture and tables with headers")
    shot = folder / "page.png"
    browse(folder, page, f"--screenshot={shot}", "--window-size=480,900", "--hide-scrollbars")
    check(shot.stat().st_size > 10_000, f"{what}: it is drawn on a narrow screen")
    paper = folder / "page.pdf"
    browse(folder, page, f"--print-to-pdf={paper}", "--no-pdf-header-footer")
    check(paper.read_bytes().startswith(b"%PDF") and paper.stat().st_size > 10_000,
          f"{what}: it prints")
    return "".join(seen.text)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        newton = Person(HEIRLOOM, folder, "newton")
        history = ROOT / "Examples" / "garden" / "events.json"
        text = check_page(folder, coverage(newton, history), "garden")
        check("13 of 123 messages open" in text, "garden: the page says what opens")
        # Ids are strangers' text.
        hostile = '!<script>alert(1)</script>"\'&:x'
        events = json.loads(history.read_text())
        for event in events:
            event["room_id"] = hostile
            event["sender"] = event["sender"].replace("alice", "<b onclick=x>al&ice")
        changed = folder / "hostile.json"
        changed.write_text(json.dumps(events))
        text = check_page(folder, coverage(newton, changed), "hostile ids")
        check(hostile in text, "hostile ids: they are shown as they are, and are only text")
        check_log(folder, newton)
    print(f"{person.checks} checks, all of them hold")


main()
