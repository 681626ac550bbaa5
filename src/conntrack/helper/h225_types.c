/* SPDX-License-Identifier: GPL-2.0-or-later */
/* H.225.0, Annex H: the messages of RAS, and those that Q.931 carries in its User-user information element. */
#include "conntrack/helper/h323_types.h"

static const struct per_type bits_2 = { .kind = PER_BITS, .bits = 2 };
static const struct per_type bits_7 = { .kind = PER_BITS, .bits = 7 };
static const struct per_type bits_16 = { .kind = PER_BITS, .bits = 16 };
static const struct per_type string_7_bits = { .kind = PER_STRING, .bits = 7, .unit = 16, .least = 1 };
static const struct per_type string_256 = { .kind = PER_STRING, .is_aligned = true, .bits = 8, .unit = 8, .least = 1 };
static const struct per_type digits = { .kind = PER_STRING, .bits = 7, .unit = 4, .least = 1 };
static const struct per_type h323_id = { .kind = PER_STRING, .is_aligned = true, .bits = 8, .unit = 16, .least = 1 };
static const struct per_type bit_string = { .kind = PER_STRING, .unit = 1 };
static const struct per_type time_stamp = { .kind = PER_NUMBER, .least = 1 };
static const struct per_type time_to_live = { .kind = PER_NUMBER, .least = 1, .note = H323_NUMBER };

static const struct per_type h221_non_standard = SEQUENCE(
	FIELDS(FIELD(t35CountryCode, per_byte), FIELD(t35Extension, per_byte), FIELD(manufacturerCode, per_word)),
	EXTENSIBLE);
static const struct per_type non_standard_identifier = CHOICE(1, 2, 2, EXTENSIBLE,
	FIELDS(FIELD(object, per_object_identifier), FIELD(h221NonStandard, h221_non_standard)));
static const struct per_type non_standard_parameter = SEQUENCE(
	FIELDS(FIELD(nonStandardIdentifier, non_standard_identifier), FIELD(data, per_octet_string)));

/* Addresses */
static const struct per_type noted_ipv4 = { .kind = PER_BYTES, .least = 4, .note = H323_IPV4 };
static const struct per_type noted_ipv6 = { .kind = PER_BYTES, .least = 16, .note = H323_IPV6 };
static const struct per_type ip_address = SEQUENCE(FIELDS(FIELD(ip, noted_ipv4), FIELD(port, per_word)));
static const struct per_type route = LIST_OF(FIELD(item, per_octets_4));
static const struct per_type routing = CHOICE(1, 2, 2, EXTENSIBLE,
	FIELDS(FIELD(strict, per_null), FIELD(loose, per_null)));
static const struct per_type ip_source_route = SEQUENCE(
	FIELDS(FIELD(ip, per_octets_4), FIELD(port, per_word), FIELD(route, route), FIELD(routing, routing)), EXTENSIBLE);
static const struct per_type ipx_address = SEQUENCE(
	FIELDS(FIELD(node, per_octets_6), FIELD(netnum, per_octets_4), FIELD(port, bits_16)));
static const struct per_type ip6_address = SEQUENCE(
	FIELDS(FIELD(ip, noted_ipv6), FIELD(port, per_word)), EXTENSIBLE);
static const struct per_type transport_address = CHOICE(3, 7, 7, EXTENSIBLE,
	FIELDS(FIELD(ipAddress, ip_address), FIELD(ipSourceRoute, ip_source_route), FIELD(ipxAddress, ipx_address),
	       FIELD(ip6Address, ip6_address), FIELD(netBios, per_octets_16), FIELD(nsap, per_string_5_bits),
	       FIELD(nonStandardAddress, non_standard_parameter)));
static const struct per_type transport_addresses = {
	.kind = PER_SEQUENCE_OF, .most_noted = 10, FIELDS(FIELD(item, transport_address)),
};
static const struct per_type alias_address = CHOICE(1, 2, 7, EXTENSIBLE,
	FIELDS(FIELD(dialedDigits, digits), FIELD(h323_ID, h323_id)));
static const struct per_type alias_addresses = LIST_OF(FIELD(item, alias_address));

/* What an endpoint is */
static const struct per_type vendor_identifier = SEQUENCE(OPTIONALS(2),
	FIELDS(FIELD(vendor, h221_non_standard), OPTIONAL(productId, string_256), OPTIONAL(versionId, string_256)),
	EXTENSIBLE);
static const struct per_type non_standard_only = SEQUENCE(OPTIONALS(1),	/* GatekeeperInfo, TerminalInfo */
	FIELDS(OPTIONAL(nonStandardData, non_standard_parameter)), EXTENSIBLE);
static const struct per_type protocol_caps = SEQUENCE(OPTIONALS(1),	/* H310Caps, VoiceCaps, ... */
	FIELDS(OPTIONAL(nonStandardData, non_standard_parameter)), EXTENSIBLE, .n_known = 2);
static const struct per_type mcu_info = SEQUENCE(OPTIONALS(1),
	FIELDS(OPTIONAL(nonStandardData, non_standard_parameter)), EXTENSIBLE, .n_known = 1);
static const struct per_type supported_protocol = CHOICE(4, 9, 11, EXTENSIBLE,
	FIELDS(FIELD(nonStandardData, non_standard_parameter), FIELD(h310, protocol_caps), FIELD(h320, protocol_caps),
	       FIELD(h321, protocol_caps), FIELD(h322, protocol_caps), FIELD(h323, protocol_caps),
	       FIELD(h324, protocol_caps), FIELD(voice, protocol_caps), FIELD(t120Only, protocol_caps)));
static const struct per_type supported_protocols = LIST_OF(FIELD(item, supported_protocol));
static const struct per_type gateway_info = SEQUENCE(OPTIONALS(2),
	FIELDS(OPTIONAL(protocol, supported_protocols), OPTIONAL(nonStandardData, non_standard_parameter)), EXTENSIBLE);
static const struct per_type endpoint_type = SEQUENCE(OPTIONALS(6),
	FIELDS(OPTIONAL(nonStandardData, non_standard_parameter), OPTIONAL(vendor, vendor_identifier),
	       OPTIONAL(gatekeeper, non_standard_only), OPTIONAL(gateway, gateway_info), OPTIONAL(mcu, mcu_info),
	       OPTIONAL(terminal, non_standard_only), FIELD(mcAndUndefinedNode, bits_2)),
	EXTENSIBLE, .n_known = 2);

/* What a call is */
static const struct per_type extra_crv = LIST_OF(FIELD(item, per_word));
static const struct per_type conference_goal = CHOICE(2, 3, 5, EXTENSIBLE,
	FIELDS(FIELD(create, per_null), FIELD(join, per_null), FIELD(invite, per_null)));
static const struct per_type q954_details = SEQUENCE(FIELDS(FIELD(conferenceCallingAndThreeParty, bits_2)), EXTENSIBLE);
static const struct per_type qseries_options = SEQUENCE(
	FIELDS(FIELD(q932FullToQ957Full, bits_7), FIELD(q954Info, q954_details)), EXTENSIBLE);
static const struct per_type call_type = CHOICE(2, 4, 4, EXTENSIBLE,
	FIELDS(FIELD(pointToPoint, per_null), FIELD(oneToN, per_null), FIELD(nToOne, per_null), FIELD(nToN, per_null)));
static const struct per_type call_model = CHOICE(1, 2, 2, EXTENSIBLE,
	FIELDS(FIELD(direct, per_null), FIELD(gatekeeperRouted, per_null)));
static const struct per_type fast_start = {
	.kind = PER_SEQUENCE_OF, .most_noted = 30, .holds_open = true,
	FIELDS(NOTED(item, h245_open_logical_channel, H323_FAST_CHANNEL)),
};

static const struct per_type setup = SEQUENCE(OPTIONALS(7),
	FIELDS(FIELD(protocolIdentifier, per_object_identifier),
	       OPTIONAL_NOTED(h245Address, transport_address, H323_H245_ADDRESS), OPTIONAL(sourceAddress, alias_addresses),
	       FIELD(sourceInfo, endpoint_type), OPTIONAL(destinationAddress, alias_addresses),
	       OPTIONAL_NOTED(destCallSignalAddress, transport_address, H323_CALLED_ADDRESS),
	       OPTIONAL(destExtraCallInfo, alias_addresses), OPTIONAL(destExtraCRV, extra_crv), FIELD(activeMC, per_bit),
	       FIELD(conferenceID, per_octets_16), FIELD(conferenceGoal, conference_goal),
	       OPTIONAL(callServices, qseries_options), FIELD(callType, call_type)),
	ADDITIONS(26, [0] = NOTED(sourceCallSignalAddress, transport_address, H323_CALLING_ADDRESS),
		  [6] = FIELD(fastStart, fast_start), [8] = { .type = NULL }),
	NO_MORE_ADDITIONS);
static const struct per_type call_proceeding = SEQUENCE(OPTIONALS(1),
	FIELDS(FIELD(protocolIdentifier, per_object_identifier), FIELD(destinationInfo, endpoint_type),
	       OPTIONAL_NOTED(h245Address, transport_address, H323_H245_ADDRESS)),
	ADDITIONS(9, [4] = FIELD(fastStart, fast_start)));
static const struct per_type connect = SEQUENCE(OPTIONALS(1),
	FIELDS(FIELD(protocolIdentifier, per_object_identifier),
	       OPTIONAL_NOTED(h245Address, transport_address, H323_H245_ADDRESS), FIELD(destinationInfo, endpoint_type),
	       FIELD(conferenceID, per_octets_16)),
	ADDITIONS(15, [4] = FIELD(fastStart, fast_start)));
static const struct per_type alerting = SEQUENCE(OPTIONALS(1),
	FIELDS(FIELD(protocolIdentifier, per_object_identifier), FIELD(destinationInfo, endpoint_type),
	       OPTIONAL_NOTED(h245Address, transport_address, H323_H245_ADDRESS)),
	ADDITIONS(14, [4] = FIELD(fastStart, fast_start)));
static const struct per_type information = SEQUENCE(
	FIELDS(FIELD(protocolIdentifier, per_object_identifier)), EXTENSIBLE, .n_known = 6);
static const struct per_type release_complete_reason = CHOICE(4, 12, 22, EXTENSIBLE,
	FIELDS(FIELD(noBandwidth, per_null), FIELD(gatekeeperResources, per_null), FIELD(unreachableDestination, per_null),
	       FIELD(destinationRejection, per_null), FIELD(invalidRevision, per_null), FIELD(noPermission, per_null),
	       FIELD(unreachableGatekeeper, per_null), FIELD(gatewayResources, per_null), FIELD(badFormatAddress, per_null),
	       FIELD(adaptiveBusy, per_null), FIELD(inConf, per_null), FIELD(undefinedReason, per_null)));
static const struct per_type release_complete = SEQUENCE(OPTIONALS(1),
	FIELDS(FIELD(protocolIdentifier, per_object_identifier), OPTIONAL(reason, release_complete_reason)),
	EXTENSIBLE, .n_known = 9);
static const struct per_type facility_reason = CHOICE(2, 4, 11, EXTENSIBLE, .note = H323_CHOICE,
	FIELDS(FIELD(routeCallToGatekeeper, per_null), FIELD(callForwarded, per_null), FIELD(routeCallToMC, per_null),
	       FIELD(undefinedReason, per_null)));
static const struct per_type facility = SEQUENCE(OPTIONALS(3),
	FIELDS(FIELD(protocolIdentifier, per_object_identifier),
	       OPTIONAL_NOTED(alternativeAddress, transport_address, H323_ALTERNATIVE_ADDRESS),
	       OPTIONAL(alternativeAliasAddress, alias_addresses), OPTIONAL(conferenceID, per_octets_16),
	       NOTED(reason, facility_reason, H323_REASON)),
	ADDITIONS(16, [6] = NOTED(h245Address, transport_address, H323_H245_ADDRESS),
		  [7] = FIELD(fastStart, fast_start)));

/* H.235, which a Progress may hold before what is of interest */
static const struct per_type security_service_mode = CHOICE(2, 3, 3, EXTENSIBLE,
	FIELDS(FIELD(nonStandard, non_standard_parameter), FIELD(none, per_null), FIELD(default, per_null)));
static const struct per_type security_capabilities = SEQUENCE(OPTIONALS(1),
	FIELDS(OPTIONAL(nonStandard, non_standard_parameter), FIELD(encryption, security_service_mode),
	       FIELD(authenticaton, security_service_mode), FIELD(integrity, security_service_mode)),
	EXTENSIBLE);
static const struct per_type h245_security = CHOICE(2, 4, 4, EXTENSIBLE,
	FIELDS(FIELD(nonStandard, non_standard_parameter), FIELD(noSecurity, per_null), FIELD(tls, security_capabilities),
	       FIELD(ipsec, security_capabilities)));
static const struct per_type key_bits = { .kind = PER_STRING, .is_aligned = true, .bits = 16, .unit = 1 };
static const struct per_type dh_set = SEQUENCE(
	FIELDS(FIELD(halfkey, key_bits), FIELD(modSize, key_bits), FIELD(generator, key_bits)), EXTENSIBLE);
static const struct per_type typed_certificate = SEQUENCE(
	FIELDS(FIELD(type, per_object_identifier), FIELD(certificate, per_octet_string)), EXTENSIBLE);
static const struct per_type h235_non_standard = SEQUENCE(
	FIELDS(FIELD(nonStandardIdentifier, per_object_identifier), FIELD(data, per_octet_string)));
static const struct per_type challenge = { .kind = PER_STRING, .bits = 7, .unit = 8, .least = 8 };
static const struct per_type clear_token = SEQUENCE(OPTIONALS(8),
	FIELDS(FIELD(tokenOID, per_object_identifier), OPTIONAL(timeStamp, time_stamp), OPTIONAL(password, string_7_bits),
	       OPTIONAL(dhkey, dh_set), OPTIONAL(challenge, challenge), OPTIONAL(random, per_big_number),
	       OPTIONAL(certificate, typed_certificate), OPTIONAL(generalID, string_7_bits),
	       OPTIONAL(nonStandard, h235_non_standard)),
	EXTENSIBLE, .n_known = 2);
static const struct per_type clear_tokens = LIST_OF(FIELD(item, clear_token));
static const struct per_type params = SEQUENCE(OPTIONALS(2),
	FIELDS(OPTIONAL(ranInt, per_big_number), OPTIONAL(iv8, per_octets_8)), EXTENSIBLE, .n_known = 1);
static const struct per_type hashed = SEQUENCE(
	FIELDS(FIELD(algorithmOID, per_object_identifier), FIELD(paramS, params), FIELD(hash, bit_string)));
static const struct per_type encrypted = SEQUENCE(
	FIELDS(FIELD(algorithmOID, per_object_identifier), FIELD(paramS, params), FIELD(encryptedData, per_octet_string)));
static const struct per_type to_be_signed = { .kind = PER_OPEN };
static const struct per_type signed_token = SEQUENCE(
	FIELDS(FIELD(toBeSigned, to_be_signed), FIELD(algorithmOID, per_object_identifier), FIELD(paramS, params),
	       FIELD(signature, bit_string)));
static const struct per_type endpoint_password_hash = SEQUENCE(
	FIELDS(FIELD(alias, alias_address), FIELD(timeStamp, time_stamp), FIELD(token, hashed)));
static const struct per_type gatekeeper_password_hash = SEQUENCE(
	FIELDS(FIELD(gatekeeperId, string_7_bits), FIELD(timeStamp, time_stamp), FIELD(token, hashed)));
static const struct per_type encrypted_token = SEQUENCE(
	FIELDS(FIELD(tokenOID, per_object_identifier), FIELD(token, encrypted)));
static const struct per_type named_signed_token = SEQUENCE(
	FIELDS(FIELD(tokenOID, per_object_identifier), FIELD(token, signed_token)));
static const struct per_type hashed_token = SEQUENCE(
	FIELDS(FIELD(tokenOID, per_object_identifier), FIELD(hashedVals, clear_token), FIELD(token, hashed)));
static const struct per_type crypto_token = CHOICE(2, 4, 4, EXTENSIBLE,
	FIELDS(FIELD(cryptoEncryptedToken, encrypted_token), FIELD(cryptoSignedToken, named_signed_token),
	       FIELD(cryptoHashedToken, hashed_token), FIELD(cryptoPwdEncr, encrypted)));
static const struct per_type crypto_h323_token = CHOICE(3, 8, 8, EXTENSIBLE,
	FIELDS(FIELD(cryptoEPPwdHash, endpoint_password_hash), FIELD(cryptoGKPwdHash, gatekeeper_password_hash),
	       FIELD(cryptoEPPwdEncr, encrypted), FIELD(cryptoGKPwdEncr, encrypted), FIELD(cryptoEPCert, signed_token),
	       FIELD(cryptoGKCert, signed_token), FIELD(cryptoFastStart, signed_token),
	       FIELD(nestedcryptoToken, crypto_token)));
static const struct per_type crypto_h323_tokens = LIST_OF(FIELD(item, crypto_h323_token));
static const struct per_type call_identifier = SEQUENCE(FIELDS(FIELD(guid, per_octets_16)), EXTENSIBLE);

static const struct per_type progress = SEQUENCE(OPTIONALS(5),
	FIELDS(FIELD(protocolIdentifier, per_object_identifier), FIELD(destinationInfo, endpoint_type),
	       OPTIONAL_NOTED(h245Address, transport_address, H323_H245_ADDRESS), FIELD(callIdentifier, call_identifier),
	       OPTIONAL(h245SecurityMode, h245_security), OPTIONAL(tokens, clear_tokens),
	       OPTIONAL(cryptoTokens, crypto_h323_tokens), OPTIONAL(fastStart, fast_start)),
	EXTENSIBLE, .n_known = 3);

/* H323-UserInformation, which stands in Q.931 */
static const struct per_type message_body = CHOICE(3, 7, 13, EXTENSIBLE,
	FIELDS(FIELD(setup, setup), FIELD(callProceeding, call_proceeding), FIELD(connect, connect),
	       FIELD(alerting, alerting), FIELD(information, information), FIELD(releaseComplete, release_complete),
	       FIELD(facility, facility), FIELD(progress, progress)));
static const struct per_type h245_control = {
	.kind = PER_SEQUENCE_OF, .most_noted = 4, .holds_open = true, .note = H323_BEGIN,
	FIELDS(FIELD(item, h245_control_message)),
};
static const struct per_type uu_pdu = SEQUENCE(OPTIONALS(1),
	FIELDS(NOTED(h323_message_body, message_body, H323_MESSAGE), OPTIONAL(nonStandardData, non_standard_parameter)),
	ADDITIONS(9, [2] = NOTED(h245Control, h245_control, H323_CONTROL)), NO_MORE_ADDITIONS);
static const struct per_type user_information = SEQUENCE(OPTIONALS(1),
	FIELDS(FIELD(h323_uu_pdu, uu_pdu)), EXTENSIBLE, NO_MORE_FIELDS);

const struct per_field h323_user_information = NOTED(message, user_information, H323_MESSAGE);

/* RAS */
static const struct per_type gatekeeper_request = SEQUENCE(OPTIONALS(4),
	FIELDS(FIELD(requestSeqNum, per_word), FIELD(protocolIdentifier, per_object_identifier),
	       OPTIONAL(nonStandardData, non_standard_parameter), NOTED(rasAddress, transport_address, H323_RAS_ADDRESS)),
	EXTENSIBLE, NO_MORE_FIELDS);
static const struct per_type gatekeeper_confirm = SEQUENCE(OPTIONALS(2),
	FIELDS(FIELD(requestSeqNum, per_word), FIELD(protocolIdentifier, per_object_identifier),
	       OPTIONAL(nonStandardData, non_standard_parameter), OPTIONAL(gatekeeperIdentifier, string_7_bits),
	       NOTED(rasAddress, transport_address, H323_RAS_ADDRESS)),
	EXTENSIBLE, .n_known = 9, NO_MORE_ADDITIONS);
static const struct per_type registration_request = SEQUENCE(OPTIONALS(3),
	FIELDS(FIELD(requestSeqNum, per_word), FIELD(protocolIdentifier, per_object_identifier),
	       OPTIONAL(nonStandardData, non_standard_parameter), FIELD(discoveryComplete, per_bit),
	       NOTED(callSignalAddress, transport_addresses, H323_SIGNAL_ADDRESS),
	       NOTED(rasAddress, transport_addresses, H323_RAS_ADDRESS), FIELD(terminalType, endpoint_type),
	       OPTIONAL(terminalAlias, alias_addresses), OPTIONAL(gatekeeperIdentifier, string_7_bits),
	       FIELD(endpointVendor, vendor_identifier)),
	ADDITIONS(21, [1] = NOTED(timeToLive, time_to_live, H323_TIME_TO_LIVE)), NO_MORE_ADDITIONS);
static const struct per_type registration_confirm = SEQUENCE(OPTIONALS(3),
	FIELDS(FIELD(requestSeqNum, per_word), FIELD(protocolIdentifier, per_object_identifier),
	       OPTIONAL(nonStandardData, non_standard_parameter),
	       NOTED(callSignalAddress, transport_addresses, H323_SIGNAL_ADDRESS), OPTIONAL(terminalAlias, alias_addresses),
	       OPTIONAL(gatekeeperIdentifier, string_7_bits), FIELD(endpointIdentifier, string_7_bits)),
	ADDITIONS(17, [1] = NOTED(timeToLive, time_to_live, H323_TIME_TO_LIVE)), NO_MORE_ADDITIONS);
static const struct per_type unregistration_request = SEQUENCE(OPTIONALS(3),
	FIELDS(FIELD(requestSeqNum, per_word), NOTED(callSignalAddress, transport_addresses, H323_SIGNAL_ADDRESS)),
	EXTENSIBLE, NO_MORE_FIELDS);
static const struct per_type admission_request = SEQUENCE(OPTIONALS(7),
	FIELDS(FIELD(requestSeqNum, per_word), FIELD(callType, call_type), OPTIONAL(callModel, call_model),
	       FIELD(endpointIdentifier, string_7_bits), OPTIONAL(destinationInfo, alias_addresses),
	       OPTIONAL_NOTED(destCallSignalAddress, transport_address, H323_CALLED_ADDRESS),
	       OPTIONAL(destExtraCallInfo, alias_addresses), FIELD(srcInfo, alias_addresses),
	       OPTIONAL_NOTED(srcCallSignalAddress, transport_address, H323_CALLING_ADDRESS)),
	EXTENSIBLE, NO_MORE_FIELDS);
static const struct per_type admission_confirm = SEQUENCE(OPTIONALS(2),
	FIELDS(FIELD(requestSeqNum, per_word), FIELD(bandWidth, per_number), FIELD(callModel, call_model),
	       NOTED(destCallSignalAddress, transport_address, H323_SIGNAL_ADDRESS)),
	EXTENSIBLE, NO_MORE_FIELDS);
static const struct per_type location_request = SEQUENCE(OPTIONALS(2),
	FIELDS(FIELD(requestSeqNum, per_word), OPTIONAL(endpointIdentifier, string_7_bits),
	       FIELD(destinationInfo, alias_addresses), OPTIONAL(nonStandardData, non_standard_parameter),
	       NOTED(replyAddress, transport_address, H323_RAS_ADDRESS)),
	EXTENSIBLE, NO_MORE_FIELDS);
static const struct per_type location_confirm = SEQUENCE(OPTIONALS(1),
	FIELDS(FIELD(requestSeqNum, per_word), NOTED(callSignalAddress, transport_address, H323_SIGNAL_ADDRESS),
	       NOTED(rasAddress, transport_address, H323_RAS_ADDRESS)),
	EXTENSIBLE, NO_MORE_FIELDS);
static const struct per_type info_request_response = SEQUENCE(OPTIONALS(3),
	FIELDS(OPTIONAL(nonStandardData, non_standard_parameter), FIELD(requestSeqNum, per_word),
	       FIELD(endpointType, endpoint_type), FIELD(endpointIdentifier, string_7_bits),
	       NOTED(rasAddress, transport_address, H323_RAS_ADDRESS),
	       NOTED(callSignalAddress, transport_addresses, H323_SIGNAL_ADDRESS)),
	EXTENSIBLE, NO_MORE_FIELDS);

static const struct per_type ras_message = CHOICE(5, 24, 32, EXTENSIBLE, NO_MORE_FIELDS, .note = H323_CHOICE,
	FIELDS([RAS_GATEKEEPER_REQUEST] = FIELD(gatekeeperRequest, gatekeeper_request),
	       [RAS_GATEKEEPER_CONFIRM] = FIELD(gatekeeperConfirm, gatekeeper_confirm),
	       [RAS_REGISTRATION_REQUEST] = FIELD(registrationRequest, registration_request),
	       [RAS_REGISTRATION_CONFIRM] = FIELD(registrationConfirm, registration_confirm),
	       [RAS_UNREGISTRATION_REQUEST] = FIELD(unregistrationRequest, unregistration_request),
	       [RAS_ADMISSION_REQUEST] = FIELD(admissionRequest, admission_request),
	       [RAS_ADMISSION_CONFIRM] = FIELD(admissionConfirm, admission_confirm),
	       [RAS_LOCATION_REQUEST] = FIELD(locationRequest, location_request),
	       [RAS_LOCATION_CONFIRM] = FIELD(locationConfirm, location_confirm),
	       [RAS_INFO_REQUEST_RESPONSE] = FIELD(infoRequestResponse, info_request_response)));

const struct per_field h323_ras_message = NOTED(message, ras_message, H323_MESSAGE);
