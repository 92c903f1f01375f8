/// Training: a loss, an optimiser, a schedule, and the loop that puts them to work.
///
/// The loss, its gradients and the optimiser's update are nodes of one graph, so that one plan is one training step
/// ([juanji.train.TrainingGraph]). [juanji.train.Trainer] feeds it batches, measures, keeps checkpoints and can be
/// interrupted and resumed without changing a bit of the result. [juanji.train.Evaluation] measures a model on a
/// dataset, and [juanji.train.Predictor] runs it.
package juanji.train;
