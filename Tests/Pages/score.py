#!/usr/bin/env python3
"""Scores `earshot inspect` against a manifest of pages.

    Tests/Pages/score.py [--earshot .build/release/earshot] [-v] MANIFEST.json …

A manifest is a list of objects, each with the `file` of a page (relative to the manifest), its `url` if it is known, and
what a right reading finds:

    engine_rule         which of the engine's layouts fits it; ENGINES below says which engine that is
    expect_rule         n items, the first's and the last's author, date and id, the first's rating
    expect_structured   n entries in JSON-LD and microdata, the rating of the first that has one
    charset             the page's own word for its encoding

or, for feeds and JSON documents, `n`, `first_author`, `first_id`, `first_title`. What a manifest leaves out or gives as
null is not held against the reading. Dates without a zone may be up to 14 hours off.
"""
import argparse
import json
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone

ENGINES = {
    "discourse-auto": "discourse", "phpbb3": "phpbb", "smf2": "smf", "invision4": "invision", "vb3": "vbulletin",
    "vb3-ib": "vbulletin", "vb4": "vbulletin", "vb5": "vbulletin", "xenforo1": "xenforo", "xenforo2": "xenforo",
    "xenforo2-fora": "xenforo", "hn-list": "hackernews", "hn": "hackernews", "reddit-old": "reddit",
    "reddit-new": "reddit", "steam-disc": "steam", "ta-forum": "tripadvisor", "ta-2016": "tripadvisor",
    "amazon-reviews": "amazon", "yelp2014": "yelp", "tweakers-list": "tweakers", "tweakers-article": "tweakers",
    "tweakers-find": "tweakers", "tweakers-topic": "tweakers",
}
# Rules that no engine of ours stands behind: the page is read by its structured data.
WITHOUT_ENGINE = {"md-forum", None}
MONTHS = {name: number for number, names in enumerate(
    ["jan", "feb", "mar mär maa мар", "apr апр", "may mai mei мая", "jun", "jul", "aug", "sep", "oct okt", "nov",
     "dec dez"], 1) for name in names.split()}
MOJIBAKE = re.compile("Ã[\x80-\xbf©¨¤¶¼«ª¡³±§]|â€[™œ\x9d“”¢¦]|ï»¿|\ufffd|[\x80-\x9f]")


def stated_date(text):
    """A date as a manifest writes it, and whether it has a zone; None where it is no full date."""
    text = str(text).strip()
    if re.fullmatch(r"\d{10}", text):
        return datetime.fromtimestamp(int(text), timezone.utc), True
    match = re.search(r"(\d{4})-(\d\d)-(\d\d)(?:[T ,]+(\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?", text)
    if match:
        year, month, day, hour, minute, second, zone = match.groups()
        return moment(year, month, day, hour, minute, second, zone), zone is not None
    clock = re.search(r"(\d{1,2}):(\d\d)(?::(\d\d))?\s*([ap]m)?", text, re.I)
    hour, minute, half = (clock.group(1), clock.group(2), clock.group(4)) if clock else (None, None, None)
    if half and hour:
        hour = str(int(hour) % 12 + (12 if half.lower() == "pm" else 0))
    words = re.sub(r"\d{1,2}:\d\d(:\d\d)?|#\d+", " ", text)
    for name in re.findall(r"[^\W\d_]{3,}", words.lower()):
        month = MONTHS.get(name[:3])
        numbers = [int(number) for number in re.findall(r"\d+", words)]
        years = [number for number in numbers if number >= 1900]
        days = [number for number in numbers if number <= 31]
        if month and years and days:
            return moment(years[0], month, days[0], hour, minute, 0, None), False
    match = re.search(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4}|\d\d)\b", words)
    if not match:
        return None
    first, separator, second, year = int(match[1]), match[2], int(match[3]), int(match[4])
    day, month = (first, second) if separator == "." or first > 12 else (second, first)
    return moment(year + 2000 if year < 100 else year, month, day, hour, minute, 0, None), False


def moment(year, month, day, hour, minute, second, zone):
    try:
        at = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        return None
    offset = timedelta()
    if zone and zone != "Z":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:])) * (1 if zone[0] == "+" else -1)
    return at.replace(tzinfo=timezone.utc) - offset


def same_date(expected, stated_with_time, got):
    date = stated_date(expected)
    if date is None or date[0] is None:
        return True
    if not got:
        return False
    got = datetime.fromisoformat(got.replace("Z", "+00:00"))
    allowed = timedelta(seconds=90) if date[1] else timedelta(hours=14 if stated_with_time else 26)
    return abs(got - date[0]) <= allowed


def folded(text):
    return re.sub(r"\s+", " ", str(text)).strip().lower().lstrip("@").removeprefix("/u/")


def same_author(expected, got):
    if not expected:
        return True
    expected, got = folded(expected), folded(got or "")
    # Some rules of manifests take the author's rank or reputation along.
    return bool(got) and (expected == got or expected.startswith(got + " ") or got.startswith(expected + " "))


def same_id(expected, entry):
    if not expected:
        return True
    expected = str(expected)
    numbers = re.findall(r"\d+", expected)
    candidates = [str(entry.get("id") or ""), str(entry.get("link") or "")]
    if expected in candidates:
        return True
    if not numbers or len(numbers[-1]) < 4:
        return any(expected.lstrip("/") == candidate.lstrip("/") for candidate in candidates)
    return any(re.findall(r"\d+", candidate)[-1:] == numbers[-1:] for candidate in candidates)


class Score:
    def __init__(self, verbose):
        self.verbose, self.counts, self.misses = verbose, {}, []

    def add(self, what, file, is_right, detail=""):
        right, total = self.counts.get(what, (0, 0))
        self.counts[what] = (right + bool(is_right), total + 1)
        if not is_right:
            self.misses.append(f"{what}: {file}: {detail}")

    def report(self):
        for what, (right, total) in self.counts.items():
            print(f"{what:24} {right:4}/{total:<4} {100 * right / total:6.1f} %")
        if self.verbose:
            print("\n".join(self.misses))


def inspect(earshot, path, url):
    command = [earshot, "inspect", "--json", path] + (["--url", url] if url and "://" in url else [])
    run = subprocess.run(command, capture_output=True, timeout=120)
    try:
        return json.loads(run.stdout)
    except ValueError:
        return {"failure": run.stderr.decode(errors="replace") or f"exit {run.returncode}"}


def score_page(score, case, got):
    file, rule = case["file"], case.get("engine_rule")
    engine = ENGINES.get(rule, rule)
    entries, found = got.get("entries") or [], got.get("found") or {}
    if rule not in WITHOUT_ENGINE:
        score.add("engine", file, got.get("engine") == engine, f"{got.get('engine')} for {engine}")
    expected = case.get("expect_rule") or {}
    if "n" in expected:
        n = found.get("rule", 0)
        score.add("items", file, n == expected["n"], f"{n} for {expected['n']} ({got.get('layout')})")
        if expected["n"] and entries:
            structured = (case.get("expect_structured") or {}).get("first") or [None] * 4
            score_entry(score, file, "first", expected.get("first") or {}, entries, 0, structured)
            score_entry(score, file, "last", expected.get("last") or {}, entries, n - 1, [None] * 4)
    score_structured(score, case, got)
    text = "".join(entry.get("text", "") + entry.get("author", "") + entry.get("title", "") for entry in entries)
    bad = MOJIBAKE.search(text)
    score.add("encoding", file, not bad, bad and text[max(0, bad.start() - 20):bad.end() + 10])


def score_entry(score, file, which, expected, entries, place, structured):
    """The entry with the expected id, or the one in the expected place. Where the page's structured data gives the same
    author another date, either is right: some rules of manifests take the date of the last edit, or of the last reply."""
    place = entries[min(max(place, 0), len(entries) - 1)]
    entry = next((e for e in entries if expected.get("id") and same_id(expected["id"], e)), place)
    if expected.get("author"):
        score.add("author", file, same_author(expected["author"], entry.get("author")),
                  f"{which}: {entry.get('author')!r} for {expected['author']!r}")
    if expected.get("id"):
        score.add("id", file, same_id(expected["id"], entry), f"{which}: {entry.get('id')!r} for {expected['id']!r}")
    if expected.get("date") and stated_date(expected["date"]):
        with_time = ":" in str(expected["date"]) or str(expected["date"]).isdigit()
        is_right = same_date(expected["date"], with_time, entry.get("published"))
        if structured[3] and same_author(structured[2], entry.get("author")):
            is_right = is_right or same_date(structured[3], True, entry.get("published"))
        score.add("date", file, is_right,
                  f"{which}: {entry.get('published')} for {expected['date']}")
    if expected.get("rating"):
        value = re.search(r"\d+([.,]\d+)?", str(expected["rating"]))
        if value:
            score.add("rating", file, entry.get("rating") == float(value[0].replace(",", ".")),
                      f"{which}: {entry.get('rating')} for {expected['rating']}")


def score_structured(score, case, got):
    expected = case.get("expect_structured") or {}
    found = got.get("found") or {}
    n = found.get("jsonld", 0) + found.get("microdata", 0)
    if expected.get("n"):
        score.add("structured", case["file"], n >= expected["n"], f"{n} for {expected['n']} {expected.get('types')}")
    if expected.get("rated"):
        rated = [entry for entry in got.get("entries") or [] if entry.get("rating") is not None]
        score.add("rated", case["file"], len(rated) >= expected["rated"], f"{len(rated)} for {expected['rated']}")
        first = expected.get("first_rated")
        if first and first[4] is not None:
            score.add("rating", case["file"], any(e["rating"] == float(first[4]) for e in rated), f"{first[4]}")


def score_document(score, case, got):
    file, entries = case["file"], got.get("entries") or []
    score.add("read", file, bool(entries), got.get("failure") or "no entries")
    if case.get("n") is not None:
        score.add("entries", file, len(entries) == case["n"], f"{len(entries)} for {case['n']}")
    if not entries:
        return
    first = entries[0]
    for name, key in [("first_author", "author"), ("first_id", "id"), ("first_title", "title")]:
        if case.get(name):
            plain = re.sub(r"<[^>]*>", "", case[name])
            score.add(name, file, folded(plain) in folded(first.get(key) or ""), f"{first.get(key)!r} for {plain!r}")
    if case.get("first_date"):
        date = case["first_date"]
        score.add("first_date", file, same_date(date, True, first.get("published") or first.get("updated")),
                  f"{first.get('published')} for {date}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--earshot", default=".build/release/earshot")
    parser.add_argument("-v", "--verbose", action="store_true", help="list every miss")
    parser.add_argument("manifests", nargs="+")
    arguments = parser.parse_args()
    score = Score(arguments.verbose)
    for manifest in arguments.manifests:
        folder = os.path.dirname(os.path.abspath(manifest))
        with open(manifest) as file:
            cases = json.load(file)
        for case in cases:
            got = inspect(arguments.earshot, os.path.join(folder, case["file"]), case.get("url"))
            is_page = "expect_rule" in case or "expect_structured" in case or "engine_rule" in case
            (score_page if is_page else score_document)(score, case, got)
    score.report()
    return 0


if __name__ == "__main__":
    sys.exit(main())
