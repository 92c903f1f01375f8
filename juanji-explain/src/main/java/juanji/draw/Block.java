package juanji.draw;

import java.util.List;

/// One part of a [Page]. Texts are plain; between backquotes they are code, and between two asterisks strong.
public sealed interface Block {
  /// A heading; sections are level 2, parts of them level 3.
  ///
  /// @param level 2 or 3
  /// @param text what it says
  /// @param id what links to it name; empty for none
  record Heading(int level, String text, String id) implements Block {
  }

  /// A paragraph.
  ///
  /// @param text what it says
  record Prose(String text) implements Block {
  }

  /// Points, each a line of its own.
  ///
  /// @param points what they say
  record Points(List<String> points) implements Block {
    /// Takes a copy of the list.
    public Points {
      points = List.copyOf(points);
    }
  }

  /// Drawings with captions, beside each other where there is room.
  ///
  /// @param figures the drawings
  record Figures(List<Figure> figures) implements Block {
    /// Takes a copy of the list.
    public Figures {
      figures = List.copyOf(figures);
    }
  }

  /// A drawing with a caption.
  ///
  /// @param caption what it shows
  /// @param drawing the drawing
  record Figure(String caption, Drawing drawing) {
  }

  /// A table.
  ///
  /// @param header the columns' names
  /// @param rows the cells, as many in each row
  /// @param words how many of the first columns are words, set to the left; the others are numbers
  record Table(List<String> header, List<List<String>> rows, int words) implements Block {
    /// Takes copies of the lists.
    public Table {
      header = List.copyOf(header);
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  /// Large numbers beside each other.
  ///
  /// @param numbers the numbers
  record Numbers(List<Figured> numbers) implements Block {
    /// Takes a copy of the list.
    public Numbers {
      numbers = List.copyOf(numbers);
    }
  }

  /// A number with its name and a note.
  ///
  /// @param name what it is
  /// @param value the number
  /// @param note more about it
  record Figured(String name, String value, String note) {
  }

  /// Text as it stands, in letters of one width.
  ///
  /// @param text the text
  record Code(String text) implements Block {
  }

  /// What measurements say of a statement.
  enum Outcome {
    /// They agree with it.
    HOLDS,
    /// They contradict it.
    FAILS,
    /// They tell neither.
    OPEN;

    /// This and another together: what one contradicts is contradicted, what one leaves open is open.
    public Outcome and(Outcome other) {
      return this == FAILS || other == FAILS ? FAILS : this == OPEN ? OPEN : other;
    }

    /// A sign for it.
    public String sign() {
      return switch (this) {
        case HOLDS -> "✓";
        case FAILS -> "✗";
        case OPEN -> "?";
      };
    }
  }

  /// What was claimed, what was measured, and whether that agrees.
  ///
  /// @param outcome whether it does
  /// @param verdict the word for that, such as `holds`
  /// @param claim what was claimed
  /// @param measured what was measured
  record Verdict(Outcome outcome, String verdict, String claim, String measured) implements Block {
  }

  /// Parts that are shown when asked for.
  ///
  /// @param summary the line that is always shown
  /// @param blocks the parts
  record Details(String summary, List<Block> blocks) implements Block {
    /// Takes a copy of the list.
    public Details {
      blocks = List.copyOf(blocks);
    }
  }

  /// Links to other pages.
  ///
  /// @param links the links in order
  record Links(List<Link> links) implements Block {
    /// Takes a copy of the list.
    public Links {
      links = List.copyOf(links);
    }
  }

  /// A link to a file beside the page.
  ///
  /// @param text what it says
  /// @param file the file's name
  /// @param note what it is about
  record Link(String text, String file, String note) {
  }

  /// HTML of the caller's own; nothing in it is escaped.
  ///
  /// @param html the elements
  record Markup(String html) implements Block {
  }

  /// A drawing alone.
  static Block figure(String caption, Drawing drawing) {
    return new Figures(List.of(new Figure(caption, drawing)));
  }

  /// A section's heading.
  static Block section(String text) {
    return new Heading(2, text, "");
  }

  /// A paragraph.
  static Block prose(String text) {
    return new Prose(text);
  }
}
