/** A broker as a member of its cluster: its registration, heartbeats, fencing and stop (KIP-631). */
@NullMarked
package io.aeon.metadata.membership;

import org.jspecify.annotations.NullMarked;
