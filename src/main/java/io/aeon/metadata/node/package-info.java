/** A node of a cluster, alone or among others: the entrance to all rooms below. */
@NullMarked
package io.aeon.metadata.node;

import org.jspecify.annotations.NullMarked;
