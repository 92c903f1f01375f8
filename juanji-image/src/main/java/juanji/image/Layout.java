package juanji.image;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import juanji.data.DataException;
import juanji.data.Manifest;
import juanji.data.NaturalOrder;
import juanji.data.Part;
import juanji.data.Problem;

/// Which pictures of a listing belong to which part and class.
///
/// Folders that only wrap one other folder are passed through. If what is left are folders `train` and `test` or `val`,
/// with class folders inside, they are the parts; otherwise there is one part, and the folders are the classes. A
/// picture belongs to the class folder that it lies in at any depth.
///
/// @param parts for each part its classes in natural order, for each class its pictures in natural order
/// @param problems what was left out here: empty classes, pictures outside any class
record Layout(Map<Part, Map<String, List<PictureSource>>> parts, List<Problem> problems) {
  private static final Map<String, Part> NAMES = Map.of("train", Part.TRAIN, "training", Part.TRAIN, "val",
      Part.VALIDATION, "valid", Part.VALIDATION, "validation", Part.VALIDATION, "test", Part.TEST, "testing",
      Part.TEST);

  /// The part that a folder's name tells, if it does.
  static Optional<Part> part(String name) {
    return Optional.ofNullable(NAMES.get(name.toLowerCase(Locale.ROOT)));
  }

  static Layout of(Listing listing) {
    if (listing.manifest().isPresent()) {
      return of(listing.manifest().get(), listing);
    }
    List<Problem> problems = new ArrayList<>();
    String root = "";
    List<String> inside = children(listing.folders(), root);
    while (inside.size() == 1 && direct(listing, root) == 0
        && !children(listing.folders(), inside.getFirst()).isEmpty()) {
      root = inside.getFirst();
      inside = children(listing.folders(), root);
    }
    if (inside.isEmpty()) {
      int pictures = listing.pictures().size();
      throw new DataException(listing.root().toString(), "'" + listing.root() + "' has no class folders.",
          "Every class is a sub-folder with its pictures; received " + (pictures == 0 ? "neither folders nor pictures."
          : pictures + " pictures that all lie in one place."),
          "Sort the pictures into one sub-folder per class, named as the class.");
    }
    Map<Part, String> divided = divided(listing, inside, problems);
    Map<Part, Map<String, List<PictureSource>>> parts = new EnumMap<>(Part.class);
    if (divided.isEmpty()) {
      parts.put(Part.TRAIN, classes(listing, root, inside, problems));
    }
    divided.forEach((part, folder) ->
        parts.put(part, classes(listing, folder, children(listing.folders(), folder), problems)));
    return new Layout(parts, problems);
  }

  private static Layout of(Manifest table, Listing listing) {
    Map<String, PictureSource> sources = new HashMap<>();
    listing.pictures().forEach(p -> sources.put(p.name(), p));
    Map<Part, Map<String, List<PictureSource>>> parts = new EnumMap<>(Part.class);
    table.entries().stream().sorted((a, b) -> NaturalOrder.INSTANCE.compare(a.label(), b.label())).forEach(e ->
        parts.computeIfAbsent(e.part(), _ -> new LinkedHashMap<>()).computeIfAbsent(e.label(), _ -> new ArrayList<>())
            .add(sources.get(e.name())));
    if (!parts.containsKey(Part.TRAIN)) {
      throw new DataException(listing.root().toString(), "'" + listing.root() + "' has nothing to train on.",
          "The table names files of the part train; received " + table.entries().size() + " of others.",
          "Name files with the part train, or leave the column out.");
    }
    return new Layout(parts, List.of());
  }

  private static Map<Part, String> divided(Listing listing, List<String> inside, List<Problem> problems) {
    Map<Part, String> divided = new EnumMap<>(Part.class);
    List<String> others = new ArrayList<>();
    for (String folder : inside) {
      Part part = NAMES.get(last(folder).toLowerCase(Locale.ROOT));
      if (part == null || children(listing.folders(), folder).isEmpty() || divided.putIfAbsent(part, folder) != null) {
        others.add(folder);
      }
    }
    if (!divided.containsKey(Part.TRAIN) || divided.size() < 2) {
      return Map.of();
    }
    others.forEach(folder -> problems.add(new Problem(folder, "it lies beside the folders train and test or val and"
        + " was left out")));
    return divided;
  }

  private static Map<String, List<PictureSource>> classes(Listing listing, String root, List<String> folders,
      List<Problem> problems) {
    Map<String, List<PictureSource>> classes = new LinkedHashMap<>();
    folders.forEach(folder -> classes.put(last(folder), new ArrayList<>()));
    String prefix = root.isEmpty() ? "" : root + "/";
    int stray = 0;
    for (PictureSource picture : listing.pictures()) {
      if (!picture.name().startsWith(prefix)) {
        continue;
      }
      int slash = picture.name().indexOf('/', prefix.length());
      if (slash < 0) {
        stray++;
      } else {
        classes.get(picture.name().substring(prefix.length(), slash)).add(picture);
      }
    }
    if (stray > 0) {
      problems.add(new Problem(root.isEmpty() ? "." : root, stray + " picture(s) lie outside any class folder"));
    }
    classes.entrySet().removeIf(entry -> {
      if (entry.getValue().isEmpty()) {
        problems.add(new Problem(prefix + entry.getKey(), "the class folder has no pictures"));
      }
      return entry.getValue().isEmpty();
    });
    return classes;
  }

  private static int direct(Listing listing, String folder) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    return (int) listing.pictures().stream().filter(p -> p.name().startsWith(prefix)
        && p.name().indexOf('/', prefix.length()) < 0).count();
  }

  private static List<String> children(Set<String> folders, String folder) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    return folders.stream().filter(f -> f.length() > prefix.length() && f.startsWith(prefix)
        && f.indexOf('/', prefix.length()) < 0).toList();
  }

  private static String last(String folder) {
    return folder.substring(folder.lastIndexOf('/') + 1);
  }
}
