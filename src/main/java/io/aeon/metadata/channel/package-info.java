/** Requests to the controllers of the cluster, over the network. */
@NullMarked
package io.aeon.metadata.channel;

import org.jspecify.annotations.NullMarked;
