/// The networks that papers name, each a short function that returns a model.
package juanji.zoo;
