package juanji.train;

import java.util.List;
import juanji.nn.Model;

/// What a training brought.
///
/// @param model the network with the weights of its best epoch: the highest validation accuracy, the lower validation
///     loss where equal; of its last epoch if there was no validation data
/// @param last the network with the weights of its last step
/// @param bestEpoch the number of the best epoch; 0 if none was completed
/// @param history the completed epochs
/// @param interrupted whether it was stopped before its end; then it can be resumed
public record Trained(Model model, Model last, int bestEpoch, List<Epoch> history, boolean interrupted) {
  /// Takes a copy of the list.
  public Trained {
    history = List.copyOf(history);
  }
}
