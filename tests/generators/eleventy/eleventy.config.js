// What a build needs that stands in for the site's own, and the two lists that are compared.
import { feedPlugin } from "@11ty/eleventy-plugin-rss";

export default function (config) {
  config.addCollection("articles", (api) => api.getAll().filter((item) => item.url && /\.md$/.test(item.inputPath)));
  config.addPlugin(feedPlugin, {
    type: "atom",
    outputPath: "/feed.xml",
    collection: { name: "articles", limit: 0 },
    metadata: { language: "en", title: "Site", base: "https://example.org/blog/", author: { name: "Site" } },
  });
  for (const name of ["image", "youtube", "nothing"]) config.addShortcode(name, () => "");
  config.addFilter("json", (value) => JSON.stringify(value ?? []));
  return { dir: { input: "content" }, pathPrefix: "/blog/" };
}
