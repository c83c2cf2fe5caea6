/** Group coordination: FindCoordinator, membership of classic groups, their offsets and their administration. */
@NullMarked
package io.aeon.api.groups;

import org.jspecify.annotations.NullMarked;
