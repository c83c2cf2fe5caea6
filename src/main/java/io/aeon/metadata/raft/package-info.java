/** This node in the quorum: Kafka's raft client with its files and its voters (KIP-595, KIP-853). */
@NullMarked
package io.aeon.metadata.raft;

import org.jspecify.annotations.NullMarked;
