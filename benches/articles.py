#!/usr/bin/env python3
"""Writes a catalog of made-up articles: articles.py FOLDER [--articles 10000] [--categories 50] [--bytes 5000] [--seed 1].

The same arguments give the same files. Articles are Markdown as people write it: headings, lists, links, quotes, code,
a picture, now and then a table. Nine of ten have title, date, author, tags and summary; the others lack some of them.
"""

import argparse, datetime, pathlib, random

WORDS = """a about after again air all also and any are as at back be because before begin between both but by can
change check city clear come day does down each early eat even every example few find first follow food for from get
give good great group hand have health heart help high home hour how if important in into is it keep kind know large
last late learn less life light like little long look make many may medicine mind month more most move much must name
near need new next night no not now number of often old on once one only open or other our out over own part people
person place plan point question rate reader reason rest result right run same say season second see set several she
short should sign simple sleep small so some something start still stop study such sure take talk team than that the
their them then there these they thing think this three through time to together told too try turn two under until up
use very walk want warm was water way week well were what when where which while who why will with without word work
world write year you young your""".split()
TOPICS = """salt sleep heart bone skin blood sugar fever walking water breath pain memory vision hearing allergy vaccine
cancer stroke kidney liver muscle stress weight diet fibre iron vitamin running yoga dental infant school elderly travel
work kitchen garden summer winter flu asthma migraine thyroid diabetes cholesterol pressure pregnancy recovery surgery
therapy rest""".split()
PEOPLE = ["Ana Roe", "Bo Li", "Chidi Obi", "Dagmar Weiß", "Elif Şahin", "Farid Nazari", "Greta Holm", "Hugo Prado"]


class Writer:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def some(self, least, most):
        return self.random.choices(WORDS, k=self.random.randint(least, most))

    def sentence(self):
        words = self.some(6, 22)
        if self.random.random() < 0.25:
            place = self.random.randrange(len(words))
            words[place] = self.random.choice([
                f"**{words[place]}**", f"*{words[place]}*", f"`{words[place]}`", f"{words[place]} &amp; co",
                f"[{words[place]}](https://example.org/{words[place]}/{self.random.randrange(1000)})",
                f"[{words[place]}](/{self.random.choice(TOPICS)}/)", f"“{words[place]}”"])
        return " ".join(words).capitalize() + self.random.choice(".....?!")

    def paragraph(self):
        return " ".join(self.sentence() for _ in range(self.random.randint(2, 6)))

    def block(self):
        kind = self.random.random()
        if kind < 0.60:
            return self.paragraph()
        if kind < 0.75:
            return "## " + " ".join(self.some(2, 6)).capitalize() + "\n\n" + self.paragraph()
        if kind < 0.87:
            mark = self.random.choice(["-", "1."])
            return "\n".join(f"{mark} {self.sentence()}" for _ in range(self.random.randint(3, 7)))
        if kind < 0.91:
            return "> " + self.paragraph()
        if kind < 0.95:
            lines = [f"    {word}(\"{other}\") < {self.random.randrange(99)};" for word, other in
                     zip(self.some(4, 4), self.some(4, 4))]
            return "```rust\nfn main() {\n" + "\n".join(lines) + "\n}\n```"
        if kind < 0.98:
            return f"![{' '.join(self.some(3, 8))}](/images/{self.random.randrange(10**6)}.jpg)"
        rows = "\n".join(f"| {word} | {self.random.randrange(1000)} |" for word in self.some(3, 6))
        return "| what | how much |\n| --- | ---: |\n" + rows

    def article(self, size):
        body, length = [], 0
        while length < size:
            body.append(self.block())
            length += len(body[-1].encode()) + 2
        return "\n\n".join(body) + "\n"

    def front_matter(self, title, date):
        full = self.random.random() < 0.9
        keep = lambda: full or self.random.random() < 0.5
        lines = [f"title: \"{title}\"", f"date: {date.isoformat()}"]
        if keep():
            lines.append(f"author: {self.random.choice(PEOPLE)}")
        if keep():
            lines.append(f"tags: [{', '.join(self.random.sample(TOPICS, 3))}]")
        if keep():
            lines.append("summary: >-\n  " + " ".join(" ".join(self.some(8, 14)) for _ in range(2)).capitalize() + ".")
        return "---\n" + "\n".join(lines) + "\n---\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--categories", type=int, default=50)
    parser.add_argument("--bytes", type=int, default=5_000, help="size of an article, front matter included")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    writer = Writer(options.seed)
    slugs = [TOPICS[n] if n < len(TOPICS) else f"{TOPICS[n % len(TOPICS)]}-{n // len(TOPICS) + 1}"
             for n in range(options.categories)]
    for slug in slugs:
        folder = options.folder / slug
        folder.mkdir(parents=True, exist_ok=True)
        text = f"---\ntitle: {slug.capitalize()}\ndescription: {writer.sentence()!r}\n---\n{writer.paragraph()}\n"
        (folder / "_category.md").write_text(text, encoding="utf-8")
    newest = datetime.datetime(2026, 5, 31, 18, 0, tzinfo=datetime.timezone.utc)
    for number in range(options.articles):
        # Ten years of articles, evenly spread.
        date = newest - datetime.timedelta(seconds=number * 315_360_000 // options.articles)
        title = " ".join(writer.some(4, 9)).capitalize()
        head = writer.front_matter(title, date)
        # A body ends with its last block: on average half of one too late.
        body = writer.article(options.bytes - len(head.encode()) - 150)
        name = f"{date.date()}-{'-'.join(title.lower().split()[:5])}-{number}.md"
        (options.folder / writer.random.choice(slugs) / name).write_text(head + body, encoding="utf-8")


if __name__ == "__main__":
    main()
