/** What a group is asked and told, and what it answers. */
@NullMarked
package io.aeon.coordinator.group.command;

import org.jspecify.annotations.NullMarked;
