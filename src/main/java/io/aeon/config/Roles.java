package io.aeon.config;

import java.util.Set;
import java.util.TreeSet;

/** The setting {@code aeon.roles}: what a node is follows from its other settings, which must not contradict it. */
final class Roles {
    private static final String KEY = "roles";
    private static final String BROKER = "broker";
    private static final String CONTROLLER = "controller";

    private Roles() {}

    /**
     * @param hasListener whether the node has a listener for other controllers
     * @param joins whether the node joins a cluster
     * @throws SettingsException the roles are unknown, or not those that the node has
     */
    static void check(SettingsReader aeon, boolean hasListener, boolean joins) {
        Set<String> roles = new TreeSet<>(aeon.texts(KEY));
        if (roles.isEmpty()) {
            return;
        }
        if (!Set.of(BROKER, CONTROLLER).containsAll(roles)) {
            throw aeon.wrong(KEY, "can have broker and controller only");
        }
        if (!roles.contains(BROKER)) {
            throw aeon.wrong(KEY, "a node that is a controller only is not supported yet; add broker");
        }
        boolean isController = roles.contains(CONTROLLER);
        if (isController && joins && !hasListener) {
            throw aeon.wrong(KEY, "a controller that joins a cluster needs aeon.listeners.controller");
        }
        if (!isController && (hasListener || !joins)) {
            throw aeon.wrong(KEY, "a node that is a broker only needs aeon.join, and no aeon.listeners.controller");
        }
    }
}
