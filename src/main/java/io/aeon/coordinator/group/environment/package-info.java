/** What a group is given: its limits, the assignors, and an image of the topics. */
@NullMarked
package io.aeon.coordinator.group.environment;

import org.jspecify.annotations.NullMarked;
