package juanji.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import juanji.data.Part;
import juanji.data.Problem;

/// A first look at a folder or zip of pictures, from their headers only: enough to choose a size before decoding.
///
/// ```java
/// FolderScan scan = ImageFolder.scan(Path.of("flowers"));
/// scan.counts(Part.TRAIN);                  // {daisy=633, rose=641, …}
/// scan.medianHeight();                      // 240
/// ```
///
/// @param path what was looked at
/// @param parts for each part, the number of pictures with a readable header per class, in class order
/// @param minHeight the smallest height
/// @param maxHeight the largest height
/// @param medianHeight the height that half of the pictures do not exceed
/// @param minWidth the smallest width
/// @param maxWidth the largest width
/// @param medianWidth the width that half of the pictures do not exceed
/// @param grey whether all pictures are stored in grey
/// @param skipped the number of files that are not pictures by their extension, or are hidden
/// @param problems what cannot be used, and why
public record FolderScan(Path path, Map<Part, Map<String, Integer>> parts, int minHeight, int maxHeight,
    int medianHeight, int minWidth, int maxWidth, int medianWidth, boolean grey, int skipped, List<Problem> problems) {

  /// Copies what it is given.
  public FolderScan {
    parts = Collections.unmodifiableMap(new EnumMap<>(parts));
    problems = List.copyOf(problems);
  }

  static FolderScan of(Path path) {
    try (Listing listing = Listing.of(path)) {
      Layout layout = Layout.of(listing);
      List<Problem> problems = new ArrayList<>(listing.problems());
      problems.addAll(layout.problems());
      Map<Part, Map<String, Integer>> parts = new EnumMap<>(Part.class);
      List<PictureHeader> headers = new ArrayList<>();
      layout.parts().forEach((part, classes) -> {
        Map<String, Integer> counts = new LinkedHashMap<>();
        classes.forEach((name, pictures) -> {
          int before = headers.size();
          for (PictureSource picture : pictures) {
            look(picture, headers, problems);
          }
          counts.put(name, headers.size() - before);
        });
        parts.put(part, Collections.unmodifiableMap(counts));
      });
      int[] heights = headers.stream().mapToInt(PictureHeader::seenHeight).sorted().toArray();
      int[] widths = headers.stream().mapToInt(PictureHeader::seenWidth).sorted().toArray();
      boolean grey = !headers.isEmpty() && headers.stream().allMatch(h -> h.channels() <= 2);
      return new FolderScan(path, parts, at(heights, 0), at(heights, heights.length - 1),
          at(heights, (heights.length - 1) / 2), at(widths, 0), at(widths, widths.length - 1),
          at(widths, (widths.length - 1) / 2), grey, listing.skipped(), problems);
    }
  }

  /// The number of pictures per class of one part, in class order; empty if there is no such part.
  public Map<String, Integer> counts(Part part) {
    return parts.getOrDefault(part, Map.of());
  }

  /// The class folders of the part to train on, in natural order.
  public List<String> classes() {
    return List.copyOf(counts(Part.TRAIN).keySet());
  }

  /// The number of pictures in all parts.
  public int pictures() {
    return parts.values().stream().flatMap(p -> p.values().stream()).mapToInt(n -> n).sum();
  }

  /// Whether all pictures have one size.
  public boolean uniform() {
    return minHeight == maxHeight && minWidth == maxWidth;
  }

  private static void look(PictureSource picture, List<PictureHeader> headers, List<Problem> problems) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("looking at the pictures was interrupted");
    }
    try {
      headers.add(PictureHeader.read(picture));
    } catch (UndecodableException e) {
      problems.add(new Problem(picture.name(), e.getMessage()));
    }
  }

  private static int at(int[] values, int index) {
    return values.length == 0 ? 0 : values[Math.clamp(index, 0, values.length - 1)];
  }

  /// The counts in one line each, for people.
  @Override public String toString() {
    StringBuilder text = new StringBuilder(path + ": " + pictures() + " pictures, " + minWidth + "–" + maxWidth + " × "
        + minHeight + "–" + maxHeight + (grey ? ", grey" : ", colour"));
    parts.forEach((part, counts) -> text.append("\n  ").append(part).append(' ').append(counts));
    return text.toString();
  }
}
