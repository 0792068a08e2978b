#include "lightlane/plan/diagnosis/reader.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

DiagnosisInput read(std::string_view text, InputFormat expected, const std::string& file = "switch.txt") {
  const auto seen = format_of(text, file);
  EXPECT_TRUE(seen && *seen == expected) << (seen ? name(*seen) : "nothing");
  DiagnosisInput input;
  read_readings(text, file, expected, "", input);
  return input;
}

const MonitorThresholds& limits(const Readings& r, Monitor m) {
  return r.thresholds[static_cast<std::size_t>(m)];
}

constexpr std::string_view sonic = R"(Ethernet0: SFP EEPROM detected
        Application Advertisement:
                1: 400GAUI-8 C2M (Annex 120E) | 400GBASE-DR4 (Cl 124)
                2: 100GAUI-2 C2M (Annex 135G) | 100G-FR/100GBASE-FR1 (Cl 140)
        Connector: MPO 1x12
        Extended Identifier: Power Class 6 (12.0W Max)
        Identifier: QSFP-DD Double Density 8X Pluggable Transceiver
        Vendor Name: ACME
        Vendor PN: AC-DR4
        Vendor SN: 0001
        ChannelMonitorValues:
                RX1Power: -1.5000dBm
                RX2Power: -1.6000dBm
                RX3Power: -40.0000dBm
                RX4Power: N/A
                RX5Power: -infdBm
                TX1Bias: 70.1000mA
                TX1Power: 1.0000dBm
                TX5Bias: 0.0000mA
                TX5Power: -infdBm
        ChannelThresholdValues:
                RxPowerHighAlarm  : 6.9900dBm
                RxPowerHighWarning: 3.9900dBm
                RxPowerLowAlarm   : -9.9100dBm
                RxPowerLowWarning : -5.9000dBm
                TxBiasHighAlarm   : 120.0000mA
        ModuleMonitorValues:
                Temperature: 45.2500C
                Vcc: 3.3100Volts
        ModuleThresholdValues:
                TempHighWarning: 75.0000C

Ethernet8: SFP EEPROM Not detected
)";

TEST(DiagnosisReader, SonicText) {
  DiagnosisInput input = read(sonic, InputFormat::sonic);
  ASSERT_EQ(input.interfaces.size(), 2u);
  const Readings& r = input.interfaces[0];
  EXPECT_EQ(r.interface, "Ethernet0");
  ASSERT_NE(r.pmd, nullptr);
  EXPECT_EQ(r.pmd->id, "400GBASE-DR4");
  EXPECT_EQ(r.get(Reading::rx_power_dbm, 0), -1.5);
  EXPECT_EQ(r.get(Reading::rx_power_dbm, 2), -40);
  EXPECT_FALSE(r.known(Reading::rx_power_dbm, 3)) << "N/A is missing, not zero";
  EXPECT_EQ(r.get(Reading::rx_power_dbm, 4), no_light_dbm);
  EXPECT_EQ(r.get(Reading::tx_bias_ma, 0), 70.1);
  EXPECT_EQ(r.get(Reading::temperature_c), 45.25);
  EXPECT_EQ(r.get(Reading::voltage_v), 3.31);
  EXPECT_EQ(r.get(Reading::module_power_w), 12);
  EXPECT_EQ(r.get(ReadingFact::form_factor), "QSFP-DD");
  EXPECT_EQ(limits(r, Monitor::rx_power).low_warning, -5.9);
  EXPECT_EQ(limits(r, Monitor::rx_power).high_alarm, 6.99);
  EXPECT_EQ(limits(r, Monitor::tx_bias).high_alarm, 120);
  EXPECT_TRUE(std::isnan(limits(r, Monitor::tx_bias).low_alarm));
  EXPECT_EQ(limits(r, Monitor::temperature).high_warning, 75);
  EXPECT_EQ(input.interfaces[1].get(Reading::present), 0);
  EXPECT_EQ(input.not_understood, 0u) << input.problems[0].text;
  EXPECT_TRUE(drop_unused_lanes(input.interfaces[0]));
  EXPECT_EQ(input.interfaces[0].lanes(), 4u);
}

TEST(DiagnosisReader, SonicStatusAndCounters) {
  DiagnosisInput input = read(R"(Ethernet0:
        Rx loss of signal flag on media lane 1: False
        Rx loss of signal flag on media lane 2: True
        Tx clock and data recovery loss of lock on host lane 3: True
        Data path state indicator on host lane 1: DataPathActivated
        Data path state indicator on host lane 2: DataPathInit
        Configuration status for the data path of host line 1: ConfigSuccess
        Module state: ModuleReady
        Warp core temperature: 12
)",
                              InputFormat::sonic);
  const Readings& r = input.interfaces[0];
  EXPECT_EQ(r.get(Reading::rx_los, 0), 0);
  EXPECT_EQ(r.get(Reading::rx_los, 1), 1);
  EXPECT_EQ(r.get(Reading::tx_lol, 2), 1);
  EXPECT_EQ(r.get(ReadingFact::data_path_state), "DataPathInit");
  EXPECT_EQ(r.get(ReadingFact::module_state), "ModuleReady");
  EXPECT_EQ(r.get(ReadingFact::config_status), "ConfigSuccess");
  ASSERT_EQ(input.not_understood, 1u);
  EXPECT_EQ(input.problems[0].place, "switch.txt:9");

  input =
      read(R"(    IFACE    STATE    FEC_CORR    FEC_UNCORR    FEC_SYMBOL_ERR    FEC_PRE_BER    FEC_POST_BER
---------  -------  ----------  ------------  ----------------  -------------  --------------
Ethernet0        U     130,402             3                 4       1.25e-07        0.00e+00
Ethernet8        D         N/A           N/A               N/A            N/A             N/A
)",
           InputFormat::sonic);
  EXPECT_EQ(input.interfaces[0].get(Reading::corrected_codewords), 130402);
  EXPECT_EQ(input.interfaces[0].get(Reading::uncorrectable_codewords), 3);
  EXPECT_EQ(input.interfaces[0].get(Reading::port_ber), 1.25e-7);
  EXPECT_EQ(input.interfaces[1].get(Reading::oper_up), 0);
  EXPECT_FALSE(input.interfaces[1].known(Reading::uncorrectable_codewords));

  input = read("Symbol Errors Per Codeword  Codewords\n-----  ----\nBIN0:  1000000\nBIN1:  900\nBIN12:  4\n",
               InputFormat::sonic);
  EXPECT_EQ(input.interfaces[0].bins.codewords.size(), 13u);
  EXPECT_EQ(input.interfaces[0].bins.codewords[12], 4);
}

TEST(DiagnosisReader, SonicDatabases) {
  DiagnosisInput input = read(R"({
 "TRANSCEIVER_INFO|Ethernet0": {"type": "QSFP-DD Double Density 8X Pluggable Transceiver", "manufacturer": "ACME",
   "application_advertisement": "{1: {'host_electrical_interface_id': '400GAUI-8 C2M (Annex 120E)', 'module_media_interface_id': '400GBASE-DR4 (Cl 124)'}}"},
 "TRANSCEIVER_DOM_SENSOR|Ethernet0": {"type": "hash", "value": {"temperature": "50.1", "voltage": "3.3", "rx1power": "-2.0", "rx2power": "-inf",
   "tx1power": "1.1", "tx1bias": "70.2", "rx3power": "N/A", "last_update_time": "Fri Nov 20 18:00:00 2026"}},
 "TRANSCEIVER_DOM_THRESHOLD|Ethernet0": {"rxpowerlowwarning": "-5.9", "txbiashighalarm": "120.0", "lasertemphighalarm": "80.0"},
 "TRANSCEIVER_STATUS|Ethernet0": {"module_state": "ModuleReady", "DP1State": "DataPathActivated", "config_state_hostlane1": "ConfigRejectedInvalidAppSel"},
 "TRANSCEIVER_STATUS_FLAG|Ethernet0": {"rx2los": "True", "tx3los_hostlane": "False"},
 "TRANSCEIVER_VDM_REAL_VALUE|Ethernet0": {"esnr_media_input1": "22.5", "prefec_ber_curr_media_input1": "1.5e-09", "prefec_ber_max_media_input1": "2e-08", "prefec_ber_curr_host_input2": "1e-10"},
 "PORT|Ethernet0": {"index": "1", "lanes": "1,2", "speed": "100000", "fec": "rs", "subport": "0", "admin_status": "up"},
 "PORT|Ethernet2": {"index": "1", "lanes": "3,4", "speed": "100000", "fec": "rs", "subport": "0", "admin_status": "up"},
 "PORT|Ethernet8": {"index": "2", "lanes": "9,10", "speed": "100000"},
 "COUNTERS_PORT_NAME_MAP": {"Ethernet0": "oid:0x1"},
 "COUNTERS:oid:0x1": {"SAI_PORT_STAT_IF_IN_FEC_CODEWORD_ERRORS_S0": "1000", "SAI_PORT_STAT_IF_IN_FEC_CODEWORD_ERRORS_S2": "7", "SAI_PORT_STAT_IF_IN_FEC_NOT_CORRECTABLE_FRAMES": "5"},
 "COUNTERS:oid:0x9": {"SAI_PORT_STAT_IF_IN_FEC_CODEWORD_ERRORS_S0": "1"},
 "PORT_TABLE:Ethernet0": {"oper_status": "down"}
})",
                              InputFormat::sonic_json, "dump.json");
  Readings& r = *input.find("Ethernet0");
  EXPECT_EQ(r.pmd->id, "400GBASE-DR4");
  EXPECT_EQ(r.get(Reading::rx_power_dbm, 0), -2);
  EXPECT_EQ(r.get(Reading::rx_power_dbm, 1), no_light_dbm);
  EXPECT_FALSE(r.known(Reading::rx_power_dbm, 2));
  EXPECT_EQ(r.get(Reading::rx_los, 1), 1);
  EXPECT_EQ(r.get(Reading::tx_los, 2), 0);
  EXPECT_EQ(r.get(Reading::snr_db, 0), 22.5);
  EXPECT_EQ(r.get(Reading::ber, 0), 1.5e-9);
  EXPECT_EQ(r.get(Reading::ber_max, 0), 2e-8);
  EXPECT_EQ(r.get(Reading::host_ber, 1), 1e-10);
  EXPECT_EQ(limits(r, Monitor::rx_power).low_warning, -5.9);
  EXPECT_EQ(limits(r, Monitor::laser_temperature).high_alarm, 80);
  EXPECT_EQ(r.get(ReadingFact::config_status), "ConfigRejectedInvalidAppSel");
  EXPECT_EQ(r.get(Reading::oper_up), 0);
  EXPECT_EQ(r.get(Reading::admin_up), 1);
  EXPECT_EQ(r.get(Reading::speed_gbps), 100);
  EXPECT_EQ(r.sibling_subports, (std::vector<int>{0, 0}));
  EXPECT_TRUE(input.find("Ethernet8")->sibling_subports.empty());
  EXPECT_EQ(r.bins.codewords, (std::vector<double>{1000, 0, 7}));
  EXPECT_EQ(r.get(Reading::uncorrectable_codewords), 5);
  EXPECT_EQ(input.not_understood, 0u) << input.problems[0].text;
  EXPECT_EQ(input.interfaces.size(), 3u);
}

// The form and the limits are those of a real module: CiscoTestAutomation/genieparser (Apache-2.0), nxos
// ShowInterfaceTransceiverDetails golden_output_2, shortened; the measured values are ours.
constexpr std::string_view nxos = R"(Ethernet1/63
    transceiver is present
    type is QSFP-DD-400G-DR4
    name is CISCO-INNOLIGHT
    part number is T-DP4CNH-NCI
    power class is 6 (12.0 W maximum)
    near-end lanes used none
    media interface advertising code is 400GBASE-DR4 (Cl 124)

Lane Number:1 Network Lane
    ----------------------------------------------------------------------------
                Current              Alarms                  Warnings
                Measurement     High        Low         High          Low
    ----------------------------------------------------------------------------
    Temperature   21.02 C        80.00 C     -5.00 C     75.00 C        0.00 C
    Voltage        3.33 V         3.63 V      2.97 V      3.46 V        3.13 V
    Current       70.10 mA      120.00 mA    20.00 mA   110.00 mA      30.00 mA
    Tx Power       1.20 dBm       6.99 dBm   -6.90 dBm    3.99 dBm     -2.90 dBm
    Rx Power     -10.20 dBm --    6.99 dBm   -9.91 dBm    3.99 dBm     -5.90 dBm
    Transmit Fault Count = 0
    ----------------------------------------------------------------------------
    Note: ++  high-alarm; +  high-warning; --  low-alarm; -  low-warning

Lane Number:2 Network Lane
    Current           N/A       120.00 mA    20.00 mA   110.00 mA      30.00 mA
    Rx Power          N/A         6.99 dBm   -9.91 dBm    3.99 dBm     -5.90 dBm

Ethernet1/64
    transceiver is not present

Ethernet1/65
    transceiver is present
    type is QSFP-DD-400G-COPPER
DOM is not supported
)";

TEST(DiagnosisReader, Nxos) {
  DiagnosisInput input = read(nxos, InputFormat::nxos);
  ASSERT_EQ(input.interfaces.size(), 3u);
  const Readings& r = input.interfaces[0];
  EXPECT_EQ(r.pmd->id, "400GBASE-DR4");
  EXPECT_EQ(r.get(Reading::rx_power_dbm, 0), -10.2);
  EXPECT_FALSE(r.known(Reading::rx_power_dbm, 1));
  EXPECT_EQ(r.get(Reading::tx_bias_ma, 0), 70.1);
  EXPECT_EQ(r.get(Reading::module_power_w), 12);
  EXPECT_EQ(limits(r, Monitor::rx_power).high_alarm, 6.99);
  EXPECT_EQ(limits(r, Monitor::rx_power).low_alarm, -9.91);
  EXPECT_EQ(limits(r, Monitor::rx_power).high_warning, 3.99);
  EXPECT_EQ(limits(r, Monitor::rx_power).low_warning, -5.9);
  EXPECT_EQ(limits(r, Monitor::temperature).high_warning, 75);
  EXPECT_EQ(input.interfaces[1].get(Reading::present), 0);
  EXPECT_EQ(input.interfaces[2].get(Reading::flat_memory), 1);
  EXPECT_EQ(input.not_understood, 0u) << input.problems[0].text;
}

TEST(DiagnosisReader, Eos) {
  DiagnosisInput input = read(R"(If device is externally calibrated, only calibrated values are printed.
N/A: not applicable, Tx: transmit, Rx: receive.
mA: milliamperes, dBm: decibels (milliwatts).
                               Bias      Optical   Optical
          Temp       Voltage   Current   Tx Power  Rx Power
Port      (Celsius)  (Volts)   (mA)      (dBm)     (dBm)     Last Update
-----     ---------  --------  --------  --------  --------  -------------------
Et3/1/1    27.92      3.23      19.94     N/A      -2.39     0:00:06 ago
Et5/29/1   N/A        N/A       N/A       N/A       N/A      N/A
Et4/21/1   31.34      3.25      0.00      N/A      -30.00    27 days, 0:35:55 ago
)",
                              InputFormat::eos);
  ASSERT_EQ(input.interfaces.size(), 3u);
  EXPECT_EQ(input.interfaces[0].interface, "Ethernet3/1/1");
  EXPECT_EQ(input.interfaces[0].get(Reading::rx_power_dbm, 0), -2.39);
  EXPECT_FALSE(input.interfaces[0].known(Reading::tx_power_dbm, 0));
  EXPECT_EQ(input.interfaces[1].get(Reading::present), 0);
  EXPECT_EQ(input.interfaces[2].get(Reading::rx_power_dbm, 0), -30);
  EXPECT_EQ(input.not_understood, 0u);

  input = read(R"(Port 7
Last update: 0:00:02 ago
                            High Alarm  High Warn  Low Warn  Low Alarm
                 Value      Threshold   Threshold  Threshold Threshold  Unit
Temperature      44.00      80.00       75.00      0.00      -5.00      C
Voltage          3.29       3.63        3.46       3.13      2.97       V
TX bias current             120.00      110.00     30.00     20.00
  Channel  1     70.00      120.00      110.00     30.00     20.00      mA
  Channel  2     N/A        120.00      110.00     30.00     20.00      mA
Optical RX power
  Channel  1     -1.20      6.99        3.99       -5.90     -9.91      dBm
  Channel  2     -7.20      6.99        3.99       -5.90     -9.91      dBm
)",
               InputFormat::eos);
  const Readings& r = input.interfaces[0];
  EXPECT_EQ(r.get(Reading::rx_power_dbm, 1), -7.2);
  EXPECT_EQ(r.get(Reading::tx_bias_ma, 0), 70);
  EXPECT_EQ(limits(r, Monitor::rx_power).low_warning, -5.9);
  EXPECT_EQ(limits(r, Monitor::temperature).low_alarm, -5);
}

TEST(DiagnosisReader, EosJson) {
  DiagnosisInput input =
      read(R"({"interfaces": {"Ethernet1": {"mediaType": "100GBASE-LR4", "temperature": 35.5, "voltage": 3.3,
     "txPower": 0.5, "rxPower": -11.2, "txBias": 35.0, "displayName": "Ethernet1", "vendorSn": "X",
     "details": {"rxPower": {"highAlarm": 5.5, "highWarn": 4.5, "lowWarn": -10.6, "lowAlarm": -14.0}}},
   "Ethernet2": {"parameters": {"rxPower": {"unit": "dBm", "channels": {"1": -1.0, "2": -2.5, "3": null},
     "threshold": {"highAlarm": 7.0, "lowAlarm": -9.9}}, "temperature": {"channels": {"-": 41}}}},
   "Ethernet3": {}}})",
           InputFormat::eos_json, "eos.json");
  ASSERT_EQ(input.interfaces.size(), 2u);
  EXPECT_EQ(input.interfaces[0].pmd->id, "100GBASE-LR4");
  EXPECT_EQ(input.interfaces[0].get(Reading::rx_power_dbm, 0), -11.2);
  EXPECT_EQ(limits(input.interfaces[0], Monitor::rx_power).low_warning, -10.6);
  EXPECT_EQ(input.interfaces[1].get(Reading::rx_power_dbm, 1), -2.5);
  EXPECT_FALSE(input.interfaces[1].known(Reading::rx_power_dbm, 2));
  EXPECT_EQ(input.interfaces[1].get(Reading::temperature_c), 41);
  EXPECT_EQ(limits(input.interfaces[1], Monitor::rx_power).low_alarm, -9.9);
}

TEST(DiagnosisReader, Ethtool) {
  DiagnosisInput input = read(R"(# ethtool -m swp11
        Identifier                                : 0x11 (QSFP28)
        Transceiver type                          : 100G Ethernet: 100G Base-LR4 or 25GBase-LR
        Vendor name                               : ACME
        Rx loss of signal                         : [ No, No, Yes, No ]
        Tx loss of signal                         : None
        Module temperature                        : 45.22 degrees C / 113.39 degrees F
        Module voltage                            : 3.3359 V
        Laser tx bias current (Channel 1)         : 38.162 mA
        Transmit avg optical power (Channel 1)    : 1.0391 mW / 0.17 dBm
        Rcvr signal avg optical power(Channel 1)  : 0.5000 mW / -3.01 dBm
        Rcvr signal avg optical power(Channel 3)  : 0.0000 mW / -inf dBm
        Laser rx power low warning threshold      : 0.0871 mW / -10.60 dBm
        Module temperature high alarm threshold   : 75.00 degrees C / 167.00 degrees F
        Module State                              : 0x03 (ModuleReady)
        LowPwrRequestSW                           : On
)",
                              InputFormat::ethtool);
  const Readings& r = input.interfaces[0];
  EXPECT_EQ(r.interface, "swp11");
  EXPECT_EQ(r.pmd->id, "100GBASE-LR4");
  EXPECT_EQ(r.get(Reading::rx_power_dbm, 0), -3.01);
  EXPECT_EQ(r.get(Reading::rx_power_dbm, 2), no_light_dbm);
  EXPECT_EQ(r.get(Reading::rx_los, 2), 1);
  EXPECT_EQ(r.get(Reading::temperature_c), 45.22);
  EXPECT_EQ(r.get(Reading::low_power_mode), 1);
  EXPECT_EQ(r.get(ReadingFact::module_state), "ModuleReady");
  EXPECT_EQ(limits(r, Monitor::rx_power).low_warning, -10.6);
  EXPECT_EQ(limits(r, Monitor::temperature).high_alarm, 75);
  EXPECT_EQ(input.not_understood, 0u) << input.problems[0].text;
}

TEST(DiagnosisReader, EthtoolJson) {
  DiagnosisInput input =
      read(R"([{"identifier": 17, "identifier_description": "QSFP28", "vendor_name": "ACME",
    "rx_loss_of_signal": [ "Yes","No" ], "tx_loss_of_signal": "None", "module_temperature": 56.75, "module_voltage": 3.261,
    "laser_tx_bias_current": [ 7.1, 7.2 ], "transmit_avg_optical_power": [ 1, 0 ], "rcvr_signal_avg_optical_power": [ 0.1, 0.5 ],
    "laser_rx_power": {"high_alarm_threshold": 3.1623, "low_warning_threshold": 0.1}, "module_state_description": "ModuleReady"}])",
           InputFormat::ethtool_json, "m.json");
  const Readings& r = input.interfaces[0];
  EXPECT_NEAR(r.get(Reading::rx_power_dbm, 0), -10, 1e-9);
  EXPECT_EQ(r.get(Reading::tx_power_dbm, 1), no_light_dbm);
  EXPECT_EQ(r.get(Reading::rx_los, 0), 1);
  EXPECT_NEAR(limits(r, Monitor::rx_power).low_warning, -10, 1e-9);
  EXPECT_NEAR(limits(r, Monitor::rx_power).high_alarm, 5, 1e-4);
  EXPECT_EQ(input.not_understood, 0u);
}

TEST(DiagnosisReader, Prometheus) {
  DiagnosisInput input = read(R"(node_network_up{device="eth0"} 1
# HELP transceiver_exporter_laser_rx_power_milliwatts laser rx power
# TYPE transceiver_exporter_laser_rx_power_milliwatts gauge
transceiver_exporter_laser_rx_power_milliwatts{interface="eth0",laser_index="0"} 0.5
transceiver_exporter_laser_rx_power_milliwatts{interface="eth0",laser_index="3"} 0
transceiver_exporter_laser_bias_current_milliamperes{interface="eth0",laser_index="0"} 7.5
transceiver_exporter_module_temperature_degrees_celsius{interface="eth0"} 34.5 1395066363000
sonic_interface_receive_optic_power_dbm{interface="Ethernet4",optic_unit="2"} -3.25
sonic_interface_transmit_optic_bias_amperes{interface="Ethernet4",optic_unit="1"} 0.0701
sonic_interface_optic_volts{interface="Ethernet4",alias="a\"b,}"} NaN
node_network_up{device="lo"} 0
go_threads 12
broken{interface="eth0" 3
)",
                              InputFormat::prometheus);
  const Readings& eth0 = *input.find("eth0");
  EXPECT_NEAR(eth0.get(Reading::rx_power_dbm, 0), -3.0103, 1e-4);
  EXPECT_EQ(eth0.get(Reading::rx_power_dbm, 3), no_light_dbm);
  EXPECT_EQ(eth0.get(Reading::temperature_c), 34.5);
  EXPECT_EQ(eth0.get(Reading::oper_up), 1);
  EXPECT_EQ(input.find("Ethernet4")->get(Reading::rx_power_dbm, 1), -3.25);
  EXPECT_NEAR(input.find("Ethernet4")->get(Reading::tx_bias_ma, 0), 70.1, 1e-9);
  EXPECT_FALSE(input.find("Ethernet4")->known(Reading::voltage_v));
  EXPECT_EQ(input.not_understood, 2u);
  EXPECT_EQ(input.find("lo"), nullptr) << "no optic";
}

TEST(DiagnosisReader, Histories) {
  DiagnosisInput input = read(
      "time,interface,rx_power_dbm_1,RX2Power,ber_1,colour,event\n"
      "2026-11-01T00:00:00Z,Ethernet0,-1.0,-2.0,1e-9,blue,\n"
      "2026-11-03,Ethernet0,-1.2,-2.1,,red,flap\n"
      "1793577600,Ethernet0,-1.1,N/A,2e-9,,\n"
      "someday,Ethernet0,1,1,1,,\n"
      "2026-11-04,Ethernet0,-99999,-2.2,0.7,,\n",
      InputFormat::csv, "h.csv");
  ASSERT_EQ(input.history.size(), 3u);
  EXPECT_EQ(input.history[0].samples.size(), 3u);
  EXPECT_EQ(input.history[0].samples[0].time_s, 1793491200) << "date -u -d 2026-11-01 +%s";
  EXPECT_EQ(input.history[0].samples[1].time_s - input.history[0].samples[0].time_s, 2 * 86400);
  const Readings& r = input.interfaces[0];
  EXPECT_EQ(r.get(Reading::rx_power_dbm, 0), -1.2) << "the latest, not the last line";
  EXPECT_EQ(r.get(Reading::rx_power_dbm, 1), -2.2);
  EXPECT_EQ(r.get(Reading::flap_count), 1);
  // The column "colour", the time, and two values out of range.
  EXPECT_EQ(input.not_understood, 4u);

  input = read(
      "timestamp;port;quantity;lane;value\n1;E1;rx_power_dbm;2;-3.5\n2;E1;rx_power_dbm;2;-3.6\n3;E1;nonsense;"
      "1;4\n4;E1;ber;x;4\n",
      InputFormat::csv, "long.csv");
  EXPECT_EQ(input.history[0].lane, 1u);
  EXPECT_EQ(input.interfaces[0].get(Reading::rx_power_dbm, 1), -3.6);
  EXPECT_EQ(input.not_understood, 2u);
}

TEST(DiagnosisReader, ByHand) {
  DiagnosisInput input = read(R"([[interface]]
name = "Ethernet0"
pmd = "400G-DR4"
rx_power_dbm = [-5, -5.2]
oper_up = false
fec = "rs544"
bins = [100, 5, 1]
[interface.thresholds]
rx_power_dbm = [7, 4, -5.9, -9.9]
[interface.far]
tx_power_dbm = [1]
)",
                              InputFormat::toml, "x.toml");
  const Readings& r = input.interfaces[0];
  EXPECT_EQ(r.pmd->id, "400GBASE-DR4");
  EXPECT_EQ(r.get(Reading::oper_up), 0);
  EXPECT_EQ(r.far->get(Reading::tx_power_dbm, 0), 1);
  EXPECT_EQ(limits(r, Monitor::rx_power).high_alarm, 7);
  const auto refused = [](const char* text, const char* where) {
    DiagnosisInput bad;
    try {
      read_readings(text, "x.toml", InputFormat::toml, "", bad);
      ADD_FAILURE() << text;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(where), std::string::npos) << error.what();
    }
  };
  refused("[[interface]]\nrx_power = [1]\n", "x.toml:2");
  refused("[[interface]]\nrx_power_dbm = [1, 99]\n", "lane 2");
  refused("[[interface]]\nfec = \"on\"\n", "rs544");
  refused("[[interface]]\npmd = \"400GBASE-DR5\"\n", "x.toml:2");
  refused("[[interface]]\ntemperature_c = 1000\n", "x.toml:2");
  refused("[[interface]]\n[interface.thresholds]\nrx_power_dbm = [1, 2, 3, 4]\n", "falling");
  refused("[[interface]]\nrx_los = [2]\n", "x.toml:2");
  refused("", "no interface");
}

TEST(DiagnosisReader, OddFiles) {
  EXPECT_FALSE(format_of("", "x"));
  EXPECT_FALSE(format_of("hello world\n", "x"));
  for (const InputFormat f : {InputFormat::sonic, InputFormat::nxos, InputFormat::eos, InputFormat::ethtool,
                              InputFormat::prometheus}) {
    DiagnosisInput input;
    try {
      read_readings("\xEF\xBB\xBF: \xFF\xFE :\n{\n: : :\nLane Number:\nChannel\nPort\nEt\n", "x", f, "",
                    input);
    } catch (const InputError&) {
    }
    EXPECT_THROW(read_readings("nothing of it", "x", f, "", input), InputError) << name(f);
    EXPECT_THROW(read_readings(std::string("a\0b", 3), "x", f, "", input), InputError);
  }
  DiagnosisInput input;
  EXPECT_THROW(read_readings(std::string(100000, '['), "x", InputFormat::sonic_json, "", input), InputError);
  EXPECT_THROW(read_readings("[1]", "x", InputFormat::sonic_json, "", input), InputError);
  EXPECT_THROW(read_readings("{\"a\": 1", "x", InputFormat::eos_json, "", input), InputError);
  EXPECT_THROW(read_readings("a,b\n1,2\n", "x", InputFormat::csv, "", input), InputError);
}

}  // namespace
}  // namespace lightlane::plan
