package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData.AclCreation;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData.CreatableRenewers;
import org.apache.kafka.common.message.CreateDelegationTokenResponseData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData.DeleteAclsFilter;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.message.DescribeDelegationTokenRequestData;
import org.apache.kafka.common.message.DescribeDelegationTokenResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.ExpireDelegationTokenRequestData;
import org.apache.kafka.common.message.ExpireDelegationTokenResponseData;
import org.apache.kafka.common.message.RenewDelegationTokenRequestData;
import org.apache.kafka.common.message.RenewDelegationTokenResponseData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Valid requests of the APIs of users and of what they may do, with the expected replies. */
final class SecurityRequests {
    private static final byte TOPIC = 2;
    private static final byte ANY = 1;
    private static final byte LITERAL = 3;
    private static final byte READ = 3;
    private static final byte ALLOW = 3;
    private static final int ITERATIONS = 8192;
    private static final int FIRST_VERSION_WITH_OWNER = 3;
    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);

    private final Conversation broker;

    SecurityRequests(Conversation broker) {
        this.broker = broker;
    }

    Map<ApiKeys, IntConsumer> all() {
        return Map.ofEntries(
                Map.entry(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, this::alterCredentials),
                Map.entry(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, this::alterCredentials),
                Map.entry(ApiKeys.DESCRIBE_ACLS, this::describeAcls),
                Map.entry(ApiKeys.CREATE_ACLS, this::createAcls),
                Map.entry(ApiKeys.DELETE_ACLS, this::deleteAcls),
                Map.entry(ApiKeys.SASL_HANDSHAKE, this::handshake),
                Map.entry(ApiKeys.SASL_AUTHENTICATE, this::authenticate),
                Map.entry(ApiKeys.CREATE_DELEGATION_TOKEN, this::createToken),
                Map.entry(ApiKeys.RENEW_DELEGATION_TOKEN, this::renewToken),
                Map.entry(ApiKeys.EXPIRE_DELEGATION_TOKEN, this::expireToken),
                Map.entry(ApiKeys.DESCRIBE_DELEGATION_TOKEN, this::describeTokens));
    }

    private void alterCredentials(int version) {
        AlterUserScramCredentialsRequestData request = new AlterUserScramCredentialsRequestData();
        request.upsertions()
                .add(new ScramCredentialUpsertion()
                        .setName("somebody")
                        .setMechanism(ScramMechanism.SCRAM_SHA_512.type())
                        .setIterations(ITERATIONS)
                        .setSalt("salt".getBytes(StandardCharsets.UTF_8))
                        .setSaltedPassword("salted password".getBytes(StandardCharsets.UTF_8)));
        broker.well(
                ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
                version,
                AlterUserScramCredentialsResponseData.class,
                exact -> request);
        DescribeUserScramCredentialsResponseData described = broker.well(
                ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                version,
                DescribeUserScramCredentialsResponseData.class,
                exact -> new DescribeUserScramCredentialsRequestData()
                        .setUsers(List.of(new UserName().setName("somebody"))));
        assertThat(described.results().get(0).credentialInfos()).singleElement().satisfies(only -> {
            assertThat(only.mechanism()).isEqualTo(ScramMechanism.SCRAM_SHA_512.type());
            assertThat(only.iterations()).isEqualTo(ITERATIONS);
        });
    }

    private void describeAcls(int version) {
        refused(
                Errors.SECURITY_DISABLED,
                ApiKeys.DESCRIBE_ACLS,
                version,
                DescribeAclsResponseData.class,
                exact -> new DescribeAclsRequestData()
                        .setResourceTypeFilter(ANY)
                        .setPatternTypeFilter(LITERAL)
                        .setOperation(ANY)
                        .setPermissionType(ANY));
    }

    private void createAcls(int version) {
        refused(
                Errors.SECURITY_DISABLED,
                ApiKeys.CREATE_ACLS,
                version,
                CreateAclsResponseData.class,
                exact -> new CreateAclsRequestData()
                        .setCreations(List.of(new AclCreation()
                                .setResourceType(TOPIC)
                                .setResourceName("records")
                                .setResourcePatternType(LITERAL)
                                .setPrincipal("User:somebody")
                                .setHost("*")
                                .setOperation(READ)
                                .setPermissionType(ALLOW))));
    }

    private void deleteAcls(int version) {
        refused(
                Errors.SECURITY_DISABLED,
                ApiKeys.DELETE_ACLS,
                version,
                DeleteAclsResponseData.class,
                exact -> new DeleteAclsRequestData()
                        .setFilters(List.of(new DeleteAclsFilter()
                                .setResourceTypeFilter(ANY)
                                .setPatternTypeFilter(LITERAL)
                                .setOperation(ANY)
                                .setPermissionType(ANY))));
    }

    private void handshake(int version) {
        refused(
                Errors.ILLEGAL_SASL_STATE,
                ApiKeys.SASL_HANDSHAKE,
                version,
                SaslHandshakeResponseData.class,
                exact -> new SaslHandshakeRequestData().setMechanism("PLAIN"));
    }

    private void authenticate(int version) {
        refused(
                Errors.ILLEGAL_SASL_STATE,
                ApiKeys.SASL_AUTHENTICATE,
                version,
                SaslAuthenticateResponseData.class,
                exact -> new SaslAuthenticateRequestData().setAuthBytes(SECRET));
    }

    private void createToken(int version) {
        CreateDelegationTokenResponseData answer = refused(
                Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
                ApiKeys.CREATE_DELEGATION_TOKEN,
                version,
                CreateDelegationTokenResponseData.class,
                exact -> {
                    CreateDelegationTokenRequestData request = new CreateDelegationTokenRequestData()
                            .setRenewers(List.of(new CreatableRenewers()
                                    .setPrincipalType("User")
                                    .setPrincipalName("somebody")));
                    return exact < FIRST_VERSION_WITH_OWNER
                            ? request
                            : request.setOwnerPrincipalType("User").setOwnerPrincipalName("alice");
                });
        boolean owned = version >= FIRST_VERSION_WITH_OWNER;
        assertThat(answer.principalName()).isEqualTo(owned ? "alice" : "ANONYMOUS");
        assertThat(answer.tokenRequesterPrincipalName()).isEqualTo(owned ? "ANONYMOUS" : "");
    }

    private void renewToken(int version) {
        RenewDelegationTokenResponseData answer = refused(
                Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
                ApiKeys.RENEW_DELEGATION_TOKEN,
                version,
                RenewDelegationTokenResponseData.class,
                exact -> new RenewDelegationTokenRequestData().setHmac(SECRET));
        assertThat(answer.expiryTimestampMs()).isEqualTo(-1);
    }

    private void expireToken(int version) {
        ExpireDelegationTokenResponseData answer = refused(
                Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
                ApiKeys.EXPIRE_DELEGATION_TOKEN,
                version,
                ExpireDelegationTokenResponseData.class,
                exact -> new ExpireDelegationTokenRequestData().setHmac(SECRET));
        assertThat(answer.expiryTimestampMs()).isEqualTo(-1);
    }

    private void describeTokens(int version) {
        DescribeDelegationTokenResponseData answer = refused(
                Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
                ApiKeys.DESCRIBE_DELEGATION_TOKEN,
                version,
                DescribeDelegationTokenResponseData.class,
                exact -> new DescribeDelegationTokenRequestData().setOwners(null));
        assertThat(answer.tokens()).isEmpty();
    }

    private <T extends ApiMessage> T refused(
            Errors error, ApiKeys api, int version, Class<T> type, IntFunction<ApiMessage> request) {
        T answer = broker.ask(api, version, type, request);
        assertThat(Conversation.errors(answer)).containsExactly(error);
        return answer;
    }
}
