package juanji.chapter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.draw.Block;
import juanji.draw.Page;
import juanji.lab.Result;

/// The chapter's 21 sections.
///
/// ```java
/// try (Workers workers = Workers.all()) {
///   Result result = Chapter.section(14).run(new Desk(workers));
///   result.findings().forEach(f -> IO.println(f.claim().english() + ": " + f.measured()));
/// }
/// ```
public final class Chapter {
  private static final List<Section> SECTIONS = sections();

  private Chapter() {
  }

  private static List<Section> sections() {
    List<Section> all = new ArrayList<>();
    LayerSections.into(all);
    ShapeSections.into(all);
    LearningSections.into(all);
    all.sort((a, b) -> Integer.compare(a.number(), b.number()));
    return List.copyOf(all);
  }

  /// All sections in order.
  public static List<Section> all() {
    return SECTIONS;
  }

  /// A section by its number.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Section section(int number) {
    if (number < 1 || number > SECTIONS.size()) {
      throw new IllegalArgumentException("the chapter has no section " + number + ".\n"
          + "  C1: sections are numbered from 1 to " + SECTIONS.size() + "; received " + number + ".\n"
          + "  Ask for one of these.");
    }
    return SECTIONS.get(number - 1);
  }

  /// The pages of sections by file name, in English and in Chinese, with a page that leads to them.
  ///
  /// @param results what the sections gave
  public static Map<String, Page> pages(Map<Section, Result> results) {
    Map<String, Page> pages = new LinkedHashMap<>();
    for (String language : List.of("en", "zh-CN")) {
      List<Block.Link> links = new ArrayList<>();
      List<Section> sections = List.copyOf(results.keySet());
      for (int i = 0; i < sections.size(); i++) {
        Section section = sections.get(i);
        Result result = results.get(section);
        pages.put(file(section, language), page(section, result, language).add(new Block.Links(ways(sections, i,
            language))));
        links.add(new Block.Link(title(section, language), file(section, language), section.claim().in(language) + " ("
            + result.held() + ")"));
      }
      boolean chinese = language.startsWith("zh");
      Page index = Page.of(chinese ? "卷积神经网络" : "Convolutional networks", language)
          .twin(chinese ? "English" : "中文", chinese ? "index.html" : "index.zh.html");
      pages.put(chinese ? "index.zh.html" : "index.html", index.add(Block.prose(chinese
          ? "每一节的说法都在生成本书时测量；括号里是成立的条数。"
          : "Each section's statements were measured when this book was made; in brackets, how many hold."),
          new Block.Links(links)));
    }
    return pages;
  }

  private static String file(Section section, String language) {
    return String.format("section-%02d%s.html", section.number(), language.startsWith("zh") ? ".zh" : "");
  }

  private static String title(Section section, String language) {
    return section.number() + "  " + section.title().in(language);
  }

  private static Page page(Section section, Result result, String language) {
    return Page.of(title(section, language), language)
        .twin(language.startsWith("zh") ? "English" : "中文", file(section, language.startsWith("zh") ? "en" : "zh-CN"))
        .add(Block.prose(section.claim().sentence(language))).add(result.blocks(language));
  }

  /// To the pages before and after, and to the contents.
  private static List<Block.Link> ways(List<Section> sections, int at, String language) {
    boolean chinese = language.startsWith("zh");
    List<Block.Link> links = new ArrayList<>();
    if (at > 0) {
      links.add(new Block.Link("← " + title(sections.get(at - 1), language), file(sections.get(at - 1), language), ""));
    }
    if (at + 1 < sections.size()) {
      links.add(new Block.Link("→ " + title(sections.get(at + 1), language), file(sections.get(at + 1), language), ""));
    }
    links.add(new Block.Link(chinese ? "目录" : "contents", chinese ? "index.zh.html" : "index.html", ""));
    return links;
  }
}
