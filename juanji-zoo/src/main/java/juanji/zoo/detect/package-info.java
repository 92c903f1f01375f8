/// Finding things in pictures, as Fast and Faster R-CNN do: boxes, anchors, targets, the two losses, and what comes
/// out.
///
/// ```
/// Anchors ─ boxes at each place ─┐
/// true boxes ────────────────────┴─ Proposals.targets ─ Losses.proposals ─ its training
/// its output ─ Proposals.of ─ boxes that may hold something ─ Regions.targets ─ Losses.regions ─ Fast R-CNN
/// its output ─ Regions.found ─ boxes with classes
/// ```
///
/// Boxes are in pixels of the picture, x to the right and y down, from (x1, y1) to before (x2, y2).
///
/// Sources: Girshick, *Fast R-CNN*, 2015; Ren et al., *Faster R-CNN*, 2015.
package juanji.zoo.detect;
