package juanji.op;

/// The one open door in the family of operations: an operation of your own.
///
/// Implement the three methods of [Op] as a record; a plan runs it through its reference. Check it with the test kit.
public non-sealed interface CustomOp extends Op {
}
