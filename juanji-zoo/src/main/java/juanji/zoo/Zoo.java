package juanji.zoo;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The networks of this library by name.
public final class Zoo {
  private static final List<Network> ALL = Stream.of(Catalogue.pictures(), CatalogueOfKinds.others())
      .flatMap(List::stream).toList();

  private Zoo() {
  }

  /// All networks, from old to new.
  public static List<Network> all() {
    return ALL;
  }

  /// The network of the given name, if there is one.
  public static Optional<Network> find(String name) {
    return ALL.stream().filter(n -> n.name().equals(name)).findFirst();
  }

  /// The network of the given name.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Network network(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("there is no network '"
        + name.substring(0, Math.min(60, name.length())) + "'.\n  C1: networks are "
        + ALL.stream().map(Network::name).collect(Collectors.joining(", ")) + "; received another name.\n"
        + "  Use one of these."));
  }
}
