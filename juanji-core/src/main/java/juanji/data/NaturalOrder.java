package juanji.data;

import java.util.Comparator;

/// Names in the order people expect: runs of digits by their number, so that `s2` comes before `s10`.
public final class NaturalOrder implements Comparator<String> {
  /// The only one there need be.
  public static final NaturalOrder INSTANCE = new NaturalOrder();

  private NaturalOrder() {
  }

  @Override public int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      if (digit(a, i) && digit(b, j)) {
        int endA = run(a, i);
        int endB = run(b, j);
        while (i < endA - 1 && a.charAt(i) == '0') {
          i++;
        }
        while (j < endB - 1 && b.charAt(j) == '0') {
          j++;
        }
        int order = endA - i != endB - j ? Integer.compare(endA - i, endB - j)
            : a.substring(i, endA).compareTo(b.substring(j, endB));
        if (order != 0) {
          return order;
        }
        i = endA;
        j = endB;
      } else if (a.charAt(i) != b.charAt(j)) {
        return Character.compare(a.charAt(i), b.charAt(j));
      } else {
        i++;
        j++;
      }
    }
    int rest = Integer.compare(a.length() - i, b.length() - j);
    return rest != 0 ? rest : a.compareTo(b);
  }

  private static boolean digit(String text, int at) {
    return text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private static int run(String text, int from) {
    int end = from;
    while (end < text.length() && digit(text, end)) {
      end++;
    }
    return end;
  }
}
