package io.aeon;

import java.util.ArrayList;
import java.util.List;

/** Names with one hash, as a client may choose them. */
public final class CollidingNames {
    private static final int PARTS = 18;

    private CollidingNames() {}

    /** So many that a search through all of them for each one takes minutes. */
    public static List<String> many() {
        List<String> names = List.of("");
        for (int part = 0; part < PARTS; part++) {
            List<String> longer = new ArrayList<>();
            for (String name : names) {
                longer.add(name + "Aa");
                longer.add(name + "BB");
            }
            names = longer;
        }
        return names;
    }
}
