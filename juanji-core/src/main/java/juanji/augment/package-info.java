/// What training sees instead of the same sample again: changes that leave the class as it is.
///
/// An [Augmentation] changes one sample in place, with numbers drawn for that sample in that epoch. [Augmented] puts
/// one over a dataset. Values are from 0 to 1 and stay there; normalisation comes afterwards.
///
/// | kind | words |
/// |---|---|
/// | place | `flip`, `crop`, `shift`, `rotate`, `scale`, `shear`, `elastic` |
/// | part | `subject-crop`, `cutout`, `erase`, `mask-columns` |
/// | value | `brightness`, `contrast`, `saturation`, `hue`, `colour`, `grey`, `invert`, `blur`, `noise` |
/// | bands of a spectrogram | `mask-rows`, `warp-rows`, `filter-rows` |
/// | texts | `drop-words`, `forget-words`, `swap-words` |
/// | several | `rand-augment`, `gentle`, `usual`, `strong` |
package juanji.augment;
