package juanji.train;

/// What one epoch brought.
///
/// @param number from 1 on
/// @param rate the learning rate at its end
/// @param loss the mean training loss over the epoch, penalties not included
/// @param accuracy the share of training samples told rightly during the epoch, 0 to 1
/// @param validationLoss the mean cross-entropy on the validation data afterwards; NaN if there is none
/// @param validationAccuracy the share of validation samples told rightly afterwards; NaN if there is none
/// @param seconds how long it took, validation included
/// @param samplesPerSecond training speed, validation not included
public record Epoch(int number, double rate, double loss, double accuracy, double validationLoss,
    double validationAccuracy, double seconds, double samplesPerSecond) {
}
