package io.aeon.api.groups;

import io.aeon.coordinator.group.command.HoldUp;
import io.aeon.protocol.GroupExtension;
import io.aeon.protocol.GroupExtension.AwaitedMember;
import java.util.List;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/** The members for which a group waits, in the answer to a client that has asked for {@link GroupExtension}. */
final class HoldUpField {
    private HoldUpField() {}

    static RawTaggedField of(List<HoldUp> holdUps) {
        return GroupExtension.of(holdUps.stream()
                .map(holdUp -> new AwaitedMember(
                        holdUp.memberId(),
                        holdUp.clientId(),
                        holdUp.clientHost(),
                        holdUp.awaited().name(),
                        holdUp.awaited().toString(),
                        holdUp.forMs()))
                .toList());
    }
}
