/**
 * What both group protocols have in common: the face of a protocol to the group, its rules for offsets, and the
 * deadlines of members.
 */
@NullMarked
package io.aeon.coordinator.group.member;

import org.jspecify.annotations.NullMarked;
