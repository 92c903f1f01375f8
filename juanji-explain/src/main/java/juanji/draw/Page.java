package juanji.draw;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// A page as one HTML file that needs nothing else: no script, no font, no request. It follows the reader's light or
/// dark ground, and is made for phones and for desks.
///
/// A page in two languages is two files, each with a link to the other.
///
/// ```java
/// Page page = Page.of("Pooling", "en").twin("中文", "pooling.zh.html")
///     .add(Block.prose("The largest value of each window."), Block.figure("A window", Drawing.arrow(40)));
/// String html = page.html();
/// ```
///
/// @param title the title, also the first heading
/// @param language the language's code, such as `en` or `zh-CN`
/// @param twin the same page in another language
/// @param style more rules for its style sheet
/// @param blocks the parts
public record Page(String title, String language, Optional<Block.Link> twin, String style, List<Block> blocks) {
  private static final double LARGE = 620;

  /// Takes a copy of the list.
  public Page {
    blocks = List.copyOf(blocks);
  }

  /// An empty page.
  public static Page of(String title, String language) {
    return new Page(title, language, Optional.empty(), "", List.of());
  }

  /// With a link to the same page in another language.
  public Page twin(String name, String file) {
    return new Page(title, language, Optional.of(new Block.Link(name, file, "")), style, blocks);
  }

  /// With more rules of style.
  public Page style(String css) {
    return new Page(title, language, twin, css, blocks);
  }

  /// With more parts.
  public Page add(Block... more) {
    return add(List.of(more));
  }

  /// With more parts.
  public Page add(List<? extends Block> more) {
    List<Block> all = new ArrayList<>(blocks);
    all.addAll(more);
    return new Page(title, language, twin, style, all);
  }

  /// The file's text.
  public String html() {
    String name = Markup.escape(title);
    return """
        <!DOCTYPE html>
        <html lang="%s">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>%s</title>
        <style>
        %s%s</style>
        </head>
        <body>
        <main>
        %s<h1>%s</h1>
        %s</main>
        </body>
        </html>
        """.formatted(Markup.escape(language), name, PageStyle.CSS, style, twin.map(t -> "<nav><a href=\""
        + Markup.escape(t.file()) + "\">" + Markup.escape(t.text()) + "</a></nav>\n").orElse(""), name,
        blocks.stream().map(Page::block).collect(Collectors.joining()));
  }

  private static String block(Block block) {
    return switch (block) {
      case Block.Heading h -> "<h" + h.level() + (h.id().isEmpty() ? "" : " id=\"" + Markup.escape(h.id()) + "\"")
          + ">" + text(h.text()) + "</h" + h.level() + ">\n";
      case Block.Prose p -> "<p>" + text(p.text()) + "</p>\n";
      case Block.Points p -> p.points().stream().map(t -> "<li>" + text(t) + "</li>\n")
          .collect(Collectors.joining("", "<ul>\n", "</ul>\n"));
      case Block.Figures f -> f.figures().stream().map(Page::figure)
          .collect(Collectors.joining("", "<div class=\"figures\">\n", "</div>\n"));
      case Block.Table t -> table(t);
      case Block.Numbers n -> n.numbers().stream().map(d -> "<div><dt>" + text(d.name()) + "</dt><dd>"
          + text(d.value()) + "</dd><dd class=\"note\">" + text(d.note()) + "</dd></div>\n")
          .collect(Collectors.joining("", "<dl class=\"values\">\n", "</dl>\n"));
      case Block.Code c -> "<div class=\"scroll\"><pre>" + Markup.escape(c.text().stripTrailing()) + "</pre></div>\n";
      case Block.Verdict v -> "<div class=\"verdict " + v.outcome().name().toLowerCase(Locale.ROOT)
          + "\"><b>" + v.outcome().sign() + " " + text(v.verdict())
          + "</b><p>" + text(v.claim()) + "</p><p>" + text(v.measured())
          + "</p></div>\n";
      case Block.Details d -> "<details><summary>" + text(d.summary()) + "</summary>\n"
          + d.blocks().stream().map(Page::block).collect(Collectors.joining()) + "</details>\n";
      case Block.Links l -> l.links().stream().map(i -> "<li><a href=\"" + Markup.escape(i.file()) + "\">"
          + text(i.text()) + "</a>" + (i.note().isEmpty() ? "" : " <span>" + text(i.note()) + "</span>") + "</li>\n")
          .collect(Collectors.joining("", "<ul class=\"links\">\n", "</ul>\n"));
      case Block.Markup m -> m.html() + "\n";
    };
  }

  private static String figure(Block.Figure f) {
    String svg = f.drawing().inline(f.caption().isEmpty() ? "drawing" : f.caption());
    return "<figure" + (f.drawing().width() > LARGE ? " class=\"large\"" : "") + ">"
        + (f.caption().isEmpty() ? "" : "<figcaption>" + text(f.caption()) + "</figcaption>")
        + "<div class=\"scroll\">" + svg + "</div></figure>\n";
  }

  private static String table(Block.Table t) {
    StringBuilder html = new StringBuilder("<div class=\"scroll\"><table><thead><tr>");
    for (int i = 0; i < t.header().size(); i++) {
      html.append(i < t.words() ? "<th>" : "<th class=\"number\">").append(text(t.header().get(i))).append("</th>");
    }
    html.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : t.rows()) {
      html.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        html.append(i == 0 && t.words() > 0 ? "<th scope=\"row\">" : i < t.words() ? "<td>" : "<td class=\"number\">")
            .append(cell(row.get(i))).append(i == 0 && t.words() > 0 ? "</th>" : "</td>");
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div>\n").toString();
  }

  /// Shapes stay on one line.
  private static String cell(String text) {
    return text(text).replace(" × ", "\u00a0×\u00a0");
  }

  /// Escaped, with code between backquotes and strong text between two asterisks.
  static String text(String text) {
    return Markup.escape(text).replaceAll("`([^`]+)`", "<code>$1</code>").replaceAll("\\*\\*([^*]+)\\*\\*",
        "<strong>$1</strong>");
  }
}
