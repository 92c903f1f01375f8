/// JSON (RFC 8259) without leniency: what is not exactly JSON is refused with its position.
///
/// [juanji.json.Json] is a sealed family of values; its `toString` writes them, in one line and in a fixed order.
package juanji.json;
