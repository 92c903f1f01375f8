/// Training: a loss, an optimiser, a schedule, and the loop that puts them to work.
///
/// ```
/// Loss      cross-entropy, binary, focal, differences, hinge, divergence, triplet, contrastive
/// Optimizer SGD, Adam, AdamW, RMSprop, Adagrad, Adadelta, LARS, LAMB; around it: clipping, averaging, looking ahead
/// Penalty   L1, L2, elastic net, max-norm
/// Schedule  constant, steps, exponential, polynomial, cosine (with restarts), one cycle, plateau; with a warm-up
/// ```
///
/// The loss, its gradients and the optimiser's update are nodes of one graph, so that one plan is one training step
/// ([juanji.train.TrainingGraph]). [juanji.train.Trainer] feeds it batches, measures, keeps checkpoints and can be
/// interrupted and resumed without changing a bit of the result. [juanji.train.Evaluation] measures a model on a
/// dataset, and [juanji.train.Predictor] runs it.
package juanji.train;
