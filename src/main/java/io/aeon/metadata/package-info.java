/**
 * The cluster as the rooms above see it. Only the rooms below this package use Kafka's controller, raft and image
 * packages.
 */
@NullMarked
package io.aeon.metadata;

import org.jspecify.annotations.NullMarked;
