/// The command line.
///
/// [juanji.cli.Main] parses the arguments and prints errors; each command is a class named after it. A training is
/// three parts: [juanji.cli.TrainSettings], which `config.json` keeps; [juanji.cli.RunFolder], where everything lands;
/// and [juanji.cli.TrainRun], which puts them together. Results go to standard output, all else to standard error.
package juanji.cli;
