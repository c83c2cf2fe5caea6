/** The APIs that tell of the cluster and hand out what is unique in it. */
@NullMarked
package io.aeon.api.cluster;

import org.jspecify.annotations.NullMarked;
