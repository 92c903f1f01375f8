/// The chapter on convolutional networks, alive: each section's statements are measured when they are asked for.
///
/// [Chapter] has the sections; running one gives a [juanji.lab.Result]: findings (claim, measured, verdict)
/// and drawings, and [Chapter#pages] a book of pages in two languages. No number and no verdict is written down.
package juanji.chapter;
