package juanji.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.onnx.proto.NodeProto;
import juanji.op.Gather;
import juanji.tensor.Shape;

/// Rows of a table by numbers, where what names no row gives zeros ([ViewWriter]):
///
/// ```text
/// row = Cast(Where(And(Equal(ids, Floor(ids)), And(Less(ids, rows), Not(Less(ids, 0)))), ids, rows))
/// y = Gather(Concat(table, zeros), row)
/// ```
///
/// @param table the table's name
/// @param zeros the name of the row of zeros behind it
/// @param rows the name of the number of the table's rows
/// @param zero the name of 0
record LookupIdiom(List<NodeProto> nodes, NodeProto whole, String table, String zeros, String rows, String zero)
    implements Idioms.Idiom {
  static Optional<LookupIdiom> of(Idioms in, NodeProto gather) {
    Optional<NodeProto> all = in.maker(gather, 0, "Concat");
    Optional<NodeProto> row = in.maker(gather, 1, "Cast");
    Optional<NodeProto> where = row.flatMap(n -> in.maker(n, 0, "Where"));
    Optional<NodeProto> named = where.flatMap(n -> in.maker(n, 0, "And"));
    Optional<NodeProto> even = named.flatMap(n -> in.maker(n, 0, "Equal"));
    Optional<NodeProto> floor = even.flatMap(n -> in.maker(n, 1, "Floor"));
    Optional<NodeProto> inside = named.flatMap(n -> in.maker(n, 1, "And"));
    Optional<NodeProto> high = inside.flatMap(n -> in.maker(n, 0, "Less"));
    Optional<NodeProto> not = inside.flatMap(n -> in.maker(n, 1, "Not"));
    Optional<NodeProto> low = not.flatMap(n -> in.maker(n, 0, "Less"));
    if (all.isEmpty() || floor.isEmpty() || high.isEmpty() || low.isEmpty() || all.get().inputs().size() != 2
        || where.get().inputs().size() != 3 || !Idioms.only(all.get(), Map.of("axis", 0L))
        || !Idioms.only(gather, gather.attribute("axis").isPresent() ? Map.of("axis", 0L) : Map.of())
        || !Idioms.only(row.get(), Map.of("to", 7L))) {
      return Optional.empty();
    }
    String ids = where.get().inputs().get(1);
    String rows = where.get().inputs().get(2);
    String zero = low.get().inputs().get(1);
    boolean same = even.get().inputs().getFirst().equals(ids) && floor.get().inputs().equals(List.of(ids))
        && high.get().inputs().equals(List.of(ids, rows)) && low.get().inputs().equals(List.of(ids, zero));
    String table = all.get().inputs().getFirst();
    return !same ? Optional.empty() : Optional.of(new LookupIdiom(List.of(floor.get(), even.get(), high.get(),
        low.get(), not.get(), inside.get(), named.get(), where.get(), row.get(), all.get()),
        NodeProto.of(gather.name(), "Lookup", List.of(ids, table), gather.outputs()), table,
        all.get().inputs().get(1), rows, zero));
  }

  @Override public Optional<Operator> meaning(Map<String, Value> scope) {
    Shape shape = scope.get(table).shape();
    boolean right = shape.rank() == 2 && shape.bound() && number(scope, rows, shape.dim(0)) && number(scope, zero, 0)
        && Idioms.known(scope, zeros).filter(z -> z.shape().equals(Shape.of(1, shape.dim(1)))
            && Arrays.stream(z.reals()).allMatch(v -> v == 0)).isPresent()
        && scope.get(whole.inputs().getFirst()) instanceof Value.Flow f && HostTensor.real(f.type());
    return right ? Optional.of(Operator.of(c -> c.values().typed(c.values().apply(new Gather.Lookup(), c.input(0),
        c.values().weight(c.input(1), Ground.Use.TRAINED)), c.input(1).type()))) : Optional.empty();
  }

  private static boolean number(Map<String, Value> scope, String name, int expected) {
    return Idioms.known(scope, name).filter(t -> t.size() == 1 && t.reals()[0] == expected).isPresent();
  }
}
