/** The APIs that describe the cluster: its brokers, log directories, quorum and ACLs. */
@NullMarked
package io.aeon.api.cluster;

import org.jspecify.annotations.NullMarked;
