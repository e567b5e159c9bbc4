"""The coverage page in a real browser without a network.

page.py HEIRLOOM    makes the page of a real room, with a room id that tries to be HTML beside it, and
has headless Chromium lay it out, print it and draw it.
"""

import html.parser
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

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
    print(f"{person.checks} checks, all of them hold")


main()
