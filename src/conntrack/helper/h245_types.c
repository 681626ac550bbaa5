/* SPDX-License-Identifier: GPL-2.0-or-later */
/* H.245, Annex A: opening a logical channel, and what may stand before its addresses. */
#include "conntrack/helper/h323_types.h"

const struct per_type per_null = { .kind = PER_NULL };
const struct per_type per_bit = { .kind = PER_BITS, .bits = 1 };
const struct per_type per_byte = { .kind = PER_BYTES, .least = 1 };
const struct per_type per_word = { .kind = PER_BYTES, .least = 2 };
const struct per_type per_number = { .kind = PER_NUMBER };
const struct per_type per_big_number = { .kind = PER_BIG_NUMBER };
const struct per_type per_object_identifier = { .kind = PER_STRING, .is_aligned = true, .bits = 8, .unit = 8 };
const struct per_type per_octet_string = { .kind = PER_STRING, .unit = 8 };
const struct per_type per_octets_4 = { .kind = PER_BYTES, .least = 4 };
const struct per_type per_octets_6 = { .kind = PER_BYTES, .least = 6 };
const struct per_type per_octets_8 = { .kind = PER_BYTES, .least = 8 };
const struct per_type per_octets_16 = { .kind = PER_BYTES, .least = 16 };
const struct per_type per_string_5_bits = { .kind = PER_STRING, .bits = 5, .unit = 8, .least = 1 };

/* Small numbers, and booleans in a row. */
static const struct per_type bits_2 = { .kind = PER_BITS, .bits = 2 };
static const struct per_type bits_4 = { .kind = PER_BITS, .bits = 4 };
static const struct per_type bits_5 = { .kind = PER_BITS, .bits = 5 };
static const struct per_type bits_7 = { .kind = PER_BITS, .bits = 7 };
static const struct per_type bits_8 = { .kind = PER_BITS, .bits = 8 };
static const struct per_type bits_11 = { .kind = PER_BITS, .bits = 11 };
static const struct per_type bits_16 = { .kind = PER_BITS, .bits = 16 };
static const struct per_type bits_19 = { .kind = PER_BITS, .bits = 19 };
static const struct per_type bits_20 = { .kind = PER_BITS, .bits = 20 };

static const struct per_type h221_non_standard = SEQUENCE(
	FIELDS(FIELD(t35CountryCode, per_byte), FIELD(t35Extension, per_byte), FIELD(manufacturerCode, per_word)));
static const struct per_type non_standard_identifier = CHOICE(1, 2, 2,
	FIELDS(FIELD(object, per_object_identifier), FIELD(h221NonStandard, h221_non_standard)));
static const struct per_type non_standard_parameter = SEQUENCE(
	FIELDS(FIELD(nonStandardIdentifier, non_standard_identifier), FIELD(data, per_octet_string)));
static const struct per_type non_standard_parameters = LIST_OF(FIELD(item, non_standard_parameter));

/* Video */
static const struct per_type h261_video_capability = SEQUENCE(OPTIONALS(2),
	FIELDS(OPTIONAL(qcifMPI, bits_2), OPTIONAL(cifMPI, bits_2), FIELD(temporalSpatialTradeOffCapability, per_bit),
	       FIELD(maxBitRate, per_word), FIELD(stillImageTransmission, per_bit)),
	EXTENSIBLE, .n_known = 1);
static const struct per_type h262_video_capability = SEQUENCE(OPTIONALS(6),
	FIELDS(FIELD(profileAndLevel, bits_11), OPTIONAL(videoBitRate, per_number), OPTIONAL(vbvBufferSize, per_number),
	       OPTIONAL(samplesPerLine, per_word), OPTIONAL(linesPerFrame, per_word), OPTIONAL(framesPerSecond, bits_4),
	       OPTIONAL(luminanceSampleRate, per_number)),
	EXTENSIBLE, .n_known = 1);
static const struct per_type h263_video_capability = SEQUENCE(OPTIONALS(7),
	FIELDS(OPTIONAL(sqcifMPI, bits_5), OPTIONAL(qcifMPI, bits_5), OPTIONAL(cifMPI, bits_5), OPTIONAL(cif4MPI, bits_5),
	       OPTIONAL(cif16MPI, bits_5), FIELD(maxBitRate, per_number), FIELD(unrestrictedVector, per_bit),
	       FIELD(arithmeticCoding, per_bit), FIELD(advancedPrediction, per_bit), FIELD(pbFrames, per_bit),
	       FIELD(temporalSpatialTradeOffCapability, per_bit), OPTIONAL(hrdB, per_number),
	       OPTIONAL(bppMaxKb, per_word)),
	EXTENSIBLE, .n_known = 8);
static const struct per_type is11172_video_capability = SEQUENCE(OPTIONALS(6),
	FIELDS(FIELD(constrainedBitstream, per_bit), OPTIONAL(videoBitRate, per_number),
	       OPTIONAL(vbvBufferSize, per_number), OPTIONAL(samplesPerLine, per_word), OPTIONAL(linesPerFrame, per_word),
	       OPTIONAL(pictureRate, bits_4), OPTIONAL(luminanceSampleRate, per_number)),
	EXTENSIBLE, .n_known = 1);
static const struct per_type video_capability = CHOICE(3, 5, 6, EXTENSIBLE,
	FIELDS(FIELD(nonStandard, non_standard_parameter), FIELD(h261VideoCapability, h261_video_capability),
	       FIELD(h262VideoCapability, h262_video_capability), FIELD(h263VideoCapability, h263_video_capability),
	       FIELD(is11172VideoCapability, is11172_video_capability)));

/* Audio */
static const struct per_type g7231 = SEQUENCE(
	FIELDS(FIELD(maxAlSduAudioFrames, per_byte), FIELD(silenceSuppression, per_bit)));
static const struct per_type is11172_audio_capability = SEQUENCE(
	FIELDS(FIELD(layersSamplingChannels, bits_8), FIELD(bitRate, per_word)), EXTENSIBLE);
static const struct per_type is13818_audio_capability = SEQUENCE(
	FIELDS(FIELD(layersSamplingChannels, bits_20), FIELD(bitRate, per_word)), EXTENSIBLE);
static const struct per_type audio_capability = CHOICE(4, 14, 22, EXTENSIBLE,
	FIELDS(FIELD(nonStandard, non_standard_parameter), FIELD(g711Alaw64k, per_byte), FIELD(g711Alaw56k, per_byte),
	       FIELD(g711Ulaw64k, per_byte), FIELD(g711Ulaw56k, per_byte), FIELD(g722_64k, per_byte),
	       FIELD(g722_56k, per_byte), FIELD(g722_48k, per_byte), FIELD(g7231, g7231), FIELD(g728, per_byte),
	       FIELD(g729, per_byte), FIELD(g729AnnexA, per_byte), FIELD(is11172AudioCapability, is11172_audio_capability),
	       FIELD(is13818AudioCapability, is13818_audio_capability)));

/* Data */
static const struct per_type data_protocol_capability = CHOICE(3, 7, 14, EXTENSIBLE, .note = H323_CHOICE,
	FIELDS(FIELD(nonStandard, non_standard_parameter), FIELD(v14buffered, per_null), FIELD(v42lapm, per_null),
	       FIELD(hdlcFrameTunnelling, per_null), FIELD(h310SeparateVCStack, per_null),
	       FIELD(h310SingleVCStack, per_null), FIELD(transparent, per_null)));
static const struct per_type t84_restricted = SEQUENCE(FIELDS(FIELD(formats, bits_19)), EXTENSIBLE);
static const struct per_type t84_profile = CHOICE(1, 2, 2,
	FIELDS(FIELD(t84Unrestricted, per_null), FIELD(t84Restricted, t84_restricted)));
static const struct per_type t84 = SEQUENCE(
	FIELDS(FIELD(t84Protocol, data_protocol_capability), FIELD(t84Profile, t84_profile)));
static const struct per_type nlpid = SEQUENCE(
	FIELDS(FIELD(nlpidProtocol, data_protocol_capability), FIELD(nlpidData, per_octet_string)));
static const struct per_type data_application = CHOICE(4, 10, 14, EXTENSIBLE,
	FIELDS(FIELD(nonStandard, non_standard_parameter), NOTED(t120, data_protocol_capability, H323_DATA_PROTOCOL),
	       FIELD(dsm_cc, data_protocol_capability), FIELD(userData, data_protocol_capability), FIELD(t84, t84),
	       FIELD(t434, data_protocol_capability), FIELD(h224, data_protocol_capability), FIELD(nlpid, nlpid),
	       FIELD(dsvdControl, per_null), FIELD(h222DataPartitioning, data_protocol_capability)));
static const struct per_type data_application_capability = SEQUENCE(
	FIELDS(FIELD(application, data_application), FIELD(maxBitRate, per_number)), EXTENSIBLE);

static const struct per_type encryption_mode = CHOICE(1, 2, 2, EXTENSIBLE,
	FIELDS(FIELD(nonStandard, non_standard_parameter), FIELD(h233Encryption, per_null)));
static const struct per_type data_type = CHOICE(3, 6, 9, EXTENSIBLE,
	FIELDS(FIELD(nonStandard, non_standard_parameter), FIELD(nullData, per_null), FIELD(videoData, video_capability),
	       FIELD(audioData, audio_capability), FIELD(data, data_application_capability),
	       FIELD(encryptionData, encryption_mode)));

/* Addresses */
static const struct per_type noted_ipv4 = { .kind = PER_BYTES, .least = 4, .note = H323_IPV4 };
static const struct per_type noted_ipv6 = { .kind = PER_BYTES, .least = 16, .note = H323_IPV6 };
static const struct per_type unicast_ip = SEQUENCE(
	FIELDS(FIELD(network, noted_ipv4), FIELD(tsapIdentifier, per_word)), EXTENSIBLE);
static const struct per_type unicast_ipx = SEQUENCE(
	FIELDS(FIELD(node, per_octets_6), FIELD(netnum, per_octets_4), FIELD(tsapIdentifier, bits_16)), EXTENSIBLE);
static const struct per_type unicast_ip6 = SEQUENCE(
	FIELDS(FIELD(network, noted_ipv6), FIELD(tsapIdentifier, per_word)), EXTENSIBLE);
static const struct per_type routing = CHOICE(1, 2, 2, FIELDS(FIELD(strict, per_null), FIELD(loose, per_null)));
static const struct per_type route = LIST_OF(FIELD(item, per_octets_4));
static const struct per_type unicast_ip_source_route = SEQUENCE(
	FIELDS(FIELD(routing, routing), FIELD(network, per_octets_4), FIELD(tsapIdentifier, per_word), FIELD(route, route)),
	EXTENSIBLE);
static const struct per_type unicast_address = CHOICE(3, 5, 7, EXTENSIBLE,
	FIELDS(FIELD(iPAddress, unicast_ip), FIELD(iPXAddress, unicast_ipx), FIELD(iP6Address, unicast_ip6),
	       FIELD(netBios, per_octets_16), FIELD(iPSourceRouteAddress, unicast_ip_source_route)));
static const struct per_type multicast_ip = SEQUENCE(
	FIELDS(FIELD(network, per_octets_4), FIELD(tsapIdentifier, per_word)), EXTENSIBLE);
static const struct per_type multicast_ip6 = SEQUENCE(
	FIELDS(FIELD(network, per_octets_16), FIELD(tsapIdentifier, per_word)), EXTENSIBLE);
static const struct per_type multicast_address = CHOICE(1, 2, 4, EXTENSIBLE,
	FIELDS(FIELD(iPAddress, multicast_ip), FIELD(iP6Address, multicast_ip6)));
static const struct per_type transport_address = CHOICE(1, 2, 2, EXTENSIBLE,
	FIELDS(FIELD(unicastAddress, unicast_address), FIELD(multicastAddress, multicast_address)));

/* What multiplexes a channel */
static const struct per_type h222_parameters = SEQUENCE(OPTIONALS(3),
	FIELDS(FIELD(resourceID, per_word), FIELD(subChannelID, per_word), OPTIONAL(pcr_pid, per_word),
	       OPTIONAL(programDescriptors, per_octet_string), OPTIONAL(streamDescriptors, per_octet_string)),
	EXTENSIBLE);
static const struct per_type al3 = SEQUENCE(
	FIELDS(FIELD(controlFieldOctets, bits_2), FIELD(sendBufferSize, per_number)));
static const struct per_type adaptation_layer_type = CHOICE(3, 6, 9, EXTENSIBLE,
	FIELDS(FIELD(nonStandard, non_standard_parameter), FIELD(al1Framed, per_null), FIELD(al1NotFramed, per_null),
	       FIELD(al2WithoutSequenceNumbers, per_null), FIELD(al2WithSequenceNumbers, per_null), FIELD(al3, al3)));
static const struct per_type h223_parameters = SEQUENCE(
	FIELDS(FIELD(adaptationLayerType, adaptation_layer_type), FIELD(segmentableFlag, per_bit)), EXTENSIBLE);
static const struct per_type one_of_three = CHOICE(2, 3, 3, EXTENSIBLE,
	FIELDS(FIELD(first, per_null), FIELD(second, per_null), FIELD(third, per_null)));
static const struct per_type hdlc_parameters = SEQUENCE(
	FIELDS(FIELD(crcLength, one_of_three), FIELD(n401, per_word), FIELD(loopbackTestProcedure, per_bit)), EXTENSIBLE);
static const struct per_type erm = SEQUENCE(
	FIELDS(FIELD(windowSize, bits_7), FIELD(recovery, one_of_three)), EXTENSIBLE);
static const struct per_type v76_mode = CHOICE(1, 2, 2, EXTENSIBLE, FIELDS(FIELD(eRM, erm), FIELD(uNERM, per_null)));
static const struct per_type v75_parameters = SEQUENCE(FIELDS(FIELD(audioHeaderPresent, per_bit)), EXTENSIBLE);
static const struct per_type v76_parameters = SEQUENCE(
	FIELDS(FIELD(hdlcParameters, hdlc_parameters), FIELD(suspendResume, one_of_three), FIELD(uIH, per_bit),
	       FIELD(mode, v76_mode), FIELD(v75Parameters, v75_parameters)),
	EXTENSIBLE);
static const struct per_type h2250_parameters = SEQUENCE(OPTIONALS(10),
	FIELDS(OPTIONAL(nonStandard, non_standard_parameters), FIELD(sessionID, per_byte),
	       OPTIONAL(associatedSessionID, bits_8), OPTIONAL_NOTED(mediaChannel, transport_address, H323_MEDIA),
	       OPTIONAL(mediaGuaranteedDelivery, per_bit),
	       OPTIONAL_NOTED(mediaControlChannel, transport_address, H323_MEDIA)),
	EXTENSIBLE, NO_MORE_FIELDS);

/* OpenLogicalChannel */
static const struct per_type forward_multiplex = CHOICE(2, 3, 5, EXTENSIBLE,
	FIELDS(FIELD(h222LogicalChannelParameters, h222_parameters), FIELD(h223LogicalChannelParameters, h223_parameters),
	       FIELD(v76LogicalChannelParameters, v76_parameters),
	       FIELD(h2250LogicalChannelParameters, h2250_parameters)));
static const struct per_type forward_parameters = SEQUENCE(OPTIONALS(1),
	FIELDS(OPTIONAL(portNumber, per_word), FIELD(dataType, data_type), FIELD(multiplexParameters, forward_multiplex)),
	EXTENSIBLE, .n_known = 2);
static const struct per_type reverse_multiplex = CHOICE(1, 2, 3, EXTENSIBLE,
	FIELDS(FIELD(h223LogicalChannelParameters, h223_parameters), FIELD(v76LogicalChannelParameters, v76_parameters),
	       FIELD(h2250LogicalChannelParameters, h2250_parameters)));
static const struct per_type reverse_parameters = SEQUENCE(OPTIONALS(1),
	FIELDS({ .type = &data_type, .is_unwanted = true }, OPTIONAL(multiplexParameters, reverse_multiplex)),
	EXTENSIBLE, .n_known = 2);

static const struct per_type distribution = CHOICE(1, 2, 2, EXTENSIBLE,
	FIELDS(FIELD(unicast, per_null), FIELD(multicast, per_null)));
static const struct per_type international_number = { .kind = PER_STRING, .bits = 4, .unit = 4, .least = 1 };
static const struct per_type e164_number = { .kind = PER_STRING, .bits = 7, .unit = 4, .least = 1 };
static const struct per_type q2931_number = CHOICE(1, 2, 2, EXTENSIBLE,
	FIELDS(FIELD(internationalNumber, international_number), FIELD(nsapAddress, per_string_5_bits)));
static const struct per_type q2931_address = SEQUENCE(OPTIONALS(1),
	FIELDS(FIELD(address, q2931_number), OPTIONAL(subaddress, per_string_5_bits)), EXTENSIBLE);
static const struct per_type network_address = CHOICE(2, 3, 3, EXTENSIBLE,
	FIELDS(FIELD(q2931Address, q2931_address), FIELD(e164Address, e164_number),
	       NOTED(localAreaAddress, transport_address, H323_STACK)));
static const struct per_type external_reference = { .kind = PER_STRING, .bits = 8, .unit = 8, .least = 1 };
static const struct per_type network_access_parameters = SEQUENCE(OPTIONALS(2),
	FIELDS(OPTIONAL(distribution, distribution), FIELD(networkAddress, network_address),
	       FIELD(associateConference, per_bit), OPTIONAL(externalReference, external_reference)),
	EXTENSIBLE, .n_known = 1);

const struct per_type h245_open_logical_channel = SEQUENCE(OPTIONALS(1), .note = H323_BEGIN,
	FIELDS(FIELD(forwardLogicalChannelNumber, per_word), FIELD(forwardLogicalChannelParameters, forward_parameters),
	       OPTIONAL(reverseLogicalChannelParameters, reverse_parameters)),
	ADDITIONS(2, FIELD(separateStack, network_access_parameters)), NO_MORE_ADDITIONS);

/* OpenLogicalChannelAck */
static const struct per_type ack_reverse_multiplex = CHOICE(0, 1, 2, EXTENSIBLE,
	FIELDS(FIELD(h222LogicalChannelParameters, h222_parameters),
	       FIELD(h2250LogicalChannelParameters, h2250_parameters)));
static const struct per_type ack_reverse_parameters = SEQUENCE(OPTIONALS(2),
	FIELDS(FIELD(reverseLogicalChannelNumber, per_word), OPTIONAL(portNumber, per_word),
	       OPTIONAL(multiplexParameters, ack_reverse_multiplex)),
	EXTENSIBLE, .n_known = 1);
static const struct per_type h2250_ack_parameters = SEQUENCE(OPTIONALS(5),
	FIELDS(OPTIONAL(nonStandard, non_standard_parameters), OPTIONAL(sessionID, bits_8),
	       OPTIONAL_NOTED(mediaChannel, transport_address, H323_MEDIA),
	       OPTIONAL_NOTED(mediaControlChannel, transport_address, H323_MEDIA),
	       OPTIONAL(dynamicRTPPayloadType, bits_5)),
	EXTENSIBLE, .n_known = 2);
static const struct per_type forward_multiplex_ack = CHOICE(0, 1, 1, EXTENSIBLE,
	FIELDS(FIELD(h2250LogicalChannelAckParameters, h2250_ack_parameters)));
static const struct per_type open_logical_channel_ack = SEQUENCE(OPTIONALS(1), .note = H323_BEGIN,
	FIELDS(FIELD(forwardLogicalChannelNumber, per_word),
	       OPTIONAL(reverseLogicalChannelParameters, ack_reverse_parameters)),
	ADDITIONS(3, FIELD(separateStack, network_access_parameters),
		  FIELD(forwardMultiplexAckParameters, forward_multiplex_ack)),
	NO_MORE_ADDITIONS);

/* MultimediaSystemControlMessage: of the others it is enough to know that they are others. */
static const struct per_type request_message = CHOICE(4, 11, 15, EXTENSIBLE, NO_MORE_FIELDS,
	FIELDS([3] = NOTED(openLogicalChannel, h245_open_logical_channel, H323_CHANNEL)));
static const struct per_type response_message = CHOICE(5, 19, 24, EXTENSIBLE, NO_MORE_FIELDS,
	FIELDS([5] = NOTED(openLogicalChannelAck, open_logical_channel_ack, H323_CHANNEL_ACK)));
const struct per_type h245_control_message = CHOICE(2, 4, 4, EXTENSIBLE, NO_MORE_FIELDS,
	FIELDS(FIELD(request, request_message), FIELD(response, response_message)));

const struct per_field h323_control_message = NOTED(message, h245_control_message, H323_MESSAGE);
