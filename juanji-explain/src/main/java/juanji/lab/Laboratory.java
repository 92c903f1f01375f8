package juanji.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.draw.Block;
import juanji.draw.Page;

/// An experiment on one idea.
///
/// @param name the word for it, such as `checkerboard`
/// @param sections the chapter's sections that it tests, such as `14`
/// @param title what it is about
/// @param claim what is tested, in a line
/// @param choices what it can be told
/// @param experiment what measures it
public record Laboratory(String name, String sections, Words title, Words claim, List<Choice> choices,
    Experiment experiment) {
  /// Measures.
  public interface Experiment {
    /// Measures, and says what came of it.
    ///
    /// @param desk threads, and what experiments share
    /// @param setup what was chosen
    /// @param result where findings, drawings and remarks go
    void run(Desk desk, Setup setup, Result result);
  }

  /// Takes a copy of the list.
  public Laboratory {
    choices = List.copyOf(choices);
  }

  /// Runs the experiment.
  ///
  /// @throws IllegalArgumentException if the choices do not go together
  public Result run(Desk desk, Setup setup) {
    Result result = new Result();
    experiment.run(desk, setup, result);
    return result;
  }

  /// The experiment's pages by file name, in English and in Chinese.
  ///
  /// @param setup what was chosen
  /// @param result what came of it
  public Map<String, Page> pages(Setup setup, Result result) {
    Map<String, Page> pages = new LinkedHashMap<>();
    for (String language : List.of("en", "zh-CN")) {
      boolean chinese = language.startsWith("zh");
      String chosen = setup.toString();
      Page page = Page.of(title.in(language), language)
          .twin(chinese ? "English" : "中文", chinese ? "index.html" : "index.zh.html")
          .add(Block.prose(claim.sentence(language)));
      page = chosen.isEmpty() ? page : page.add(Block.prose((chinese ? "设置：`" : "Setup: `") + chosen + "`"));
      pages.put(chinese ? "index.zh.html" : "index.html", page.add(result.blocks(language)));
    }
    return pages;
  }
}
