/** The APIs that describe the cluster: its brokers, log directories, quorum, ACLs and SCRAM credentials. */
@NullMarked
package io.aeon.api.cluster;

import org.jspecify.annotations.NullMarked;
