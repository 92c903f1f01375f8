package juanji.chapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import juanji.draw.Block;
import juanji.draw.Page;
import juanji.lab.Desk;
import juanji.lab.Result;
import juanji.plan.Workers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every section's statements are measured; they hold, or are left open with a reason where repeats differ too much.
final class ChapterTest {
  /// The sections that train networks again and again, minutes in all.
  private static final Set<Integer> LONG = Set.of(6, 9, 12, 14, 15, 16, 20);

  @Test void statementsOfShortSectionsHold() {
    Map<Section, Result> results = run(s -> !LONG.contains(s.number()));
    assertEquals(21 - LONG.size(), results.size());
    withoutRequests(Chapter.pages(results));
  }

  @Test @Tag("learning") void statementsHoldAndMakeABook() {
    Map<Section, Result> results = run(_ -> true);
    long open = results.values().stream().flatMap(r -> r.findings().stream()).filter(f -> !f.holds()).count();
    assertTrue(open <= 3, open + " of about 100 statements are open");
    Map<String, Page> pages = Chapter.pages(results);
    assertEquals(2 * 22, pages.size());
    withoutRequests(pages);
    String chinese = pages.get("section-14.zh.html").html();
    assertTrue(chinese.contains("转置卷积") && chinese.contains("成立"), "Chinese");
  }

  private static Map<Section, Result> run(Predicate<Section> which) {
    Map<Section, Result> results = new LinkedHashMap<>();
    List<String> broken = new ArrayList<>();
    try (Workers workers = Workers.of(2)) {
      Desk desk = new Desk(workers);
      for (Section section : Chapter.all()) {
        if (which.test(section)) {
          Result result = section.run(desk);
          results.put(section, result);
          assertTrue(result.findings().size() >= 2, section.title().english());
          result.findings().stream().filter(f -> f.outcome() == Block.Outcome.FAILS
              || f.outcome() == Block.Outcome.OPEN && f.reason().english().isEmpty())
              .forEach(f -> broken.add(section.number() + ": " + f.claim().english() + ": " + f.measured()));
        }
      }
    }
    assertEquals(List.of(), broken);
    return results;
  }

  private static void withoutRequests(Map<String, Page> pages) {
    pages.forEach((name, page) -> {
      String html = page.html();
      assertFalse(html.matches("(?s).*(https?:|@import|url\\(|<script|<link).*"), name + " asks for something");
      assertTrue(pages.containsKey(page.twin().orElseThrow().file()), name);
    });
  }

  @Test void thereAreTwentyOneSectionsInOrder() {
    assertEquals(IntStream.rangeClosed(1, 21).boxed().toList(), Chapter.all().stream().map(Section::number).toList());
    assertEquals("the chapter has no section 22.\n  C1: sections are numbered from 1 to 21; received 22.\n"
        + "  Ask for one of these.",
        assertThrows(IllegalArgumentException.class, () -> Chapter.section(22)).getMessage());
  }
}
