#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::link {
namespace {

NumberKey number(double& v, double lo, double hi) { return {&v, lo, hi}; }
CountKey count(int& v, int lo, int hi) { return {&v, lo, hi}; }
NumberListKey list(std::vector<double>& v, double lo, double hi) { return {&v, lo, hi}; }
template <class Enum>
ChoiceKey choice(Enum& v, std::vector<std::string> names) {
  static_assert(sizeof(Enum) == 1);
  return {reinterpret_cast<std::uint8_t*>(&v), std::move(names)};
}

std::vector<Key> transmitter_keys(Scenario::Tx& tx) {
  optics::TransmitterConfig& c = tx.config;
  return {
      {"tx.device", "", "transmitter profile of the catalogue; auto = the PMD's typical one", TextKey{&tx.device, {}}},
      {"tx.oma_outer_dbm", "dBm", "outer OMA of each lane at TP2", number(c.oma_outer_dbm, -40, 20)},
      {"tx.lane_oma_offset_db", "dB", "what each line lane has more or less; empty = nothing",
       list(tx.lane_oma_offset_db, -20, 20)},
      {"tx.extinction_ratio_db", "dB", "of the outer levels", number(c.extinction_ratio_db, 0.1, 40)},
      {"tx.level_error", "", "of the inner levels P1 and P2, as a share of OMA / 3; empty = none",
       list(tx.level_error, -0.9, 0.9)},
      {"tx.rin_db_per_hz", "dB/Hz", "relative intensity noise, one-sided, at the instantaneous power",
       number(c.rin_db_per_hz, -200, -90)},
      {"tx.laser_rms_width_nm", "nm", "rms spectral width of the source: multimode fibre spreads it; 0 = a line",
       number(tx.laser_rms_width_nm, 0, 20)},
      {"tx.spread", "", "lanes differ by so many standard deviations of the profile", number(tx.spread, 0, 5)},
      {"tx.dac_bits", "", "0 = not quantised", count(c.dac.bits, 0, 16)},
      {"tx.dac_enob", "", "effective number of bits; 0 = no noise", number(c.dac.enob, 0, 16)},
      {"tx.dac_bandwidth_ghz", "GHz", "0 = unlimited", number(c.dac.bandwidth_ghz, 0, 1000)},
      {"tx.dac_ffe", "", "taps of the transmit equaliser, one per symbol", list(c.dac.ffe, -10, 10)},
      {"tx.dac_ffe_main", "", "which of them is the main one, from 0", count(c.dac.ffe_main, 0, 30)},
      {"tx.driver_bandwidth_ghz", "GHz", "0 = unlimited", number(c.driver.bandwidth_ghz, 0, 1000)},
      {"tx.driver_compression", "", "third order, at full swing", number(c.driver.compression, 0, 0.3)},
      {"tx.modulator_kind", "", "Mach-Zehnder, electro-absorption, directly modulated laser, VCSEL",
       choice(c.modulator.kind, {"mzm", "eml", "dml", "vcsel"})},
      {"tx.modulator_bandwidth_ghz", "GHz", "0 = unlimited; dml, vcsel: of the parasitics",
       number(c.modulator.bandwidth_ghz, 0, 1000)},
      {"tx.modulator_chirp_alpha", "", "phase = alpha / 2 ln(power)", number(c.modulator.chirp_alpha, -10, 10)},
      {"tx.modulator_chirp_adiabatic_per_ws", "1/(W s)", "dml: adiabatic chirp",
       number(c.modulator.chirp_adiabatic_per_ws, 0, 1e14)},
      {"tx.modulator_vpi_v", "V", "mzm: half-wave voltage", number(c.modulator.vpi_v, 0.1, 20)},
      {"tx.modulator_bias_error", "", "mzm: off quadrature, as a share of Vpi", number(c.modulator.bias_error, -0.4, 0.4)},
      {"tx.modulator_static_extinction_db", "dB", "mzm: of the interferometer itself",
       number(c.modulator.static_extinction_db, 3, 60)},
      {"tx.modulator_predistort", "", "mzm: arcsine on the levels", BooleanKey{&c.modulator.predistort}},
      {"tx.modulator_eam_exponent", "", "eml: power ~ exp(-(V / V0)^exponent)", number(c.modulator.eam_exponent, 0.5, 8)},
      {"tx.modulator_eam_v0_v", "V", "eml", number(c.modulator.eam_v0_v, 0.1, 20)},
      {"tx.modulator_relaxation_ghz", "GHz", "dml, vcsel", number(c.modulator.relaxation_ghz, 1, 200)},
      {"tx.modulator_damping_per_ns", "1/ns", "dml, vcsel", number(c.modulator.damping_per_ns, 1, 2000)},
      {"tx.jitter_random_fs", "fs", "rms, of what a 4 MHz clock recovery does not follow",
       number(c.jitter.random_fs, 0, 5000)},
      {"tx.jitter_sinusoidal_ui", "UI", "peak to peak", number(c.jitter.sinusoidal_ui, 0, 0.3)},
      {"tx.jitter_sinusoidal_mhz", "MHz", "", number(c.jitter.sinusoidal_mhz, 0.001, 1e4)},
      {"tx.jitter_even_odd_ui", "UI", "peak to peak", number(c.jitter.even_odd_ui, 0, 0.3)},
  };
}

std::vector<Key> plant_keys(Scenario::Plant& p) {
  return {
      {"plant.fibre", "", "name in the catalogue, for the report and its ranges", TextKey{&p.fibre, {}}},
      {"plant.length_m", "m", "length of the fibre", number(p.length_m, 0, 2e5)},
      {"plant.attenuation_db_per_km", "dB/km", "at 1310 nm (multimode: 850 nm)", number(p.attenuation_db_per_km, 0, 100)},
      {"plant.zero_dispersion_nm", "nm", "", number(p.zero_dispersion_nm, 1200, 1700)},
      {"plant.dispersion_slope_ps_nm2_km", "ps/(nm^2 km)", "at the zero-dispersion wavelength",
       number(p.dispersion_slope_ps_nm2_km, 0, 1)},
      {"plant.pmd_ps_sqrt_km", "ps/sqrt(km)", "", number(p.pmd_ps_sqrt_km, 0, 10)},
      {"plant.group_index", "", "", number(p.group_index, 1, 2)},
      {"plant.modal_bandwidth_mhz_km", "MHz km", "effective, multimode; 0 = single mode",
       number(p.modal_bandwidth_mhz_km, 0, 1e6)},
      {"plant.connectors", "", "mated pairs, spread evenly, the first and the last at the ends", IntegerKey{&p.connectors, 0, 100}},
      {"plant.connector_loss_db", "dB", "of one", number(p.connector_loss_db, 0, 10)},
      {"plant.connector_reflectance_db", "dB", "of one; below -90: none", number(p.connector_reflectance_db, -200, 0)},
      {"plant.splices", "", "", IntegerKey{&p.splices, 0, 1000}},
      {"plant.splice_loss_db", "dB", "of one", number(p.splice_loss_db, 0, 5)},
      {"plant.segment_length_m", "m", "segments in order, instead of length_m and connectors",
       list(p.segment_length_m, 0, 2e5)},
      {"plant.joint_loss_db", "dB", "of the joints around them: one more than segments", list(p.joint_loss_db, 0, 50)},
      {"plant.joint_reflectance_db", "dB", "", list(p.joint_reflectance_db, -200, 0)},
      {"plant.tx_reflectance_db", "dB", "of the transmitter", number(p.tx_reflectance_db, -200, 0)},
      {"plant.rx_reflectance_db", "dB", "of the receiver", number(p.rx_reflectance_db, -200, 0)},
      {"plant.added_attenuation_db", "dB", "an attenuator in the path", number(p.added_attenuation_db, 0, 100)},
      {"plant.stress_ber", "", "attenuate further until this pre-FEC BER is met; 0 = off", number(p.stress_ber, 0, 0.1)},
      {"plant.dispersion_ps_nm", "ps/nm", "instead of the fibre's: one value, or one for each lane",
       list(p.dispersion_ps_nm, -10000, 10000)},
      {"plant.dgd_ps", "ps", "instead of a draw by the PMD coefficient: one value, or one for each lane",
       list(p.dgd_ps, 0, 1000)},
      {"plant.mux_loss_db", "dB", "of wavelength multiplexer and demultiplexer together", number(p.mux_loss_db, 0, 30)},
      {"plant.mux_isolation_db", "dB", "of a neighbouring wavelength; 0 = no crosstalk", number(p.mux_isolation_db, 0, 100)},
      {"plant.interference", "", "multipath interference of reflections", BooleanKey{&p.interference}},
      {"plant.mpi_phase_rate_mhz", "MHz", "how fast the phases of reflections turn, at most",
       number(p.mpi_phase_rate_mhz, 0, 1000)},
      {"plant.bidi_isolation_db", "dB", "one fibre for both directions: own launch power over what comes back; 0 = none",
       number(p.bidi_isolation_db, 0, 100)},
  };
}

std::vector<Key> receiver_keys(Scenario::Rx& rx) {
  optics::PhotoreceiverConfig& c = rx.config;
  return {
      {"rx.device", "", "receiver profile of the catalogue; auto = the PMD's typical one", TextKey{&rx.device, {}}},
      {"rx.kind", "", "photodiode, avalanche photodiode, amplifier and photodiode", choice(c.kind, {"pin", "apd", "soa_pin"})},
      {"rx.responsivity_a_per_w", "A/W", "apd: at unit gain", number(c.responsivity_a_per_w, 0.01, 2)},
      {"rx.tia_noise_pa_sqrt_hz", "pA/sqrt(Hz)", "input-referred", number(c.tia_noise_pa_sqrt_hz, 0.01, 1e4)},
      {"rx.bandwidth_ghz", "GHz", "of photodiode and amplifier together", number(c.bandwidth_ghz, 0.1, 1000)},
      {"rx.filter", "", "shape of that", choice(c.filter, {"bessel_thomson4", "butterworth4"})},
      {"rx.apd_gain", "", "", number(c.apd_gain, 1, 100)},
      {"rx.apd_k", "", "ionisation ratio, for the excess noise", number(c.apd_k, 0, 1)},
      {"rx.soa_gain_db", "dB", "", number(c.soa_gain_db, 0, 40)},
      {"rx.soa_noise_figure_db", "dB", "", number(c.soa_noise_figure_db, 3, 20)},
      {"rx.soa_optical_bandwidth_nm", "nm", "of the filter behind it", number(c.soa_optical_bandwidth_nm, 0.01, 100)},
      {"rx.overload_dbm", "dBm", "average power above which the amplifier saturates", number(c.overload_dbm, -40, 20)},
      {"rx.los_dbm", "dBm", "average power below which there is no signal", number(c.los_dbm, -60, 10)},
  };
}

std::vector<Key> dsp_keys(Scenario::Dsp& dsp) {
  rxdsp::EqualizerConfig& c = dsp.config;
  return {
      {"dsp.device", "", "receiver DSP of the catalogue; auto = the PMD's typical one", TextKey{&dsp.device, {}}},
      {"dsp.adc_bits", "", "0 = not quantised", count(c.adc_bits, 0, 16)},
      {"dsp.adc_enob", "", "effective number of bits; 0 = no noise", number(c.adc_enob, 0, 16)},
      {"dsp.adc_clip_ratio", "", "share of samples that the gain control lets clip", number(c.adc_clip_ratio, 1e-9, 0.1)},
      {"dsp.ffe_taps", "", "feed-forward equaliser, one tap per symbol", count(c.ffe_taps, 1, 63)},
      {"dsp.ffe_main", "", "taps before the main one", count(c.ffe_main, 0, 62)},
      {"dsp.dfe_taps", "", "decision feedback", count(c.dfe_taps, 0, 1)},
      {"dsp.mlse", "", "Viterbi detector for 1 + alpha D instead of a slicer", BooleanKey{&c.mlse}},
      {"dsp.mlse_alpha", "", "target of the Viterbi detector (training = lms)", number(c.mlse_alpha, 0, 1)},
      {"dsp.training", "", "", choice(c.training, {"lms", "mmse"})},
      {"dsp.training_symbols", "symbols", "length of the training run", IntegerKey{&dsp.training_symbols, 4096, 1 << 22}},
      {"dsp.lms_step", "", "relative to the power of the samples in the taps", number(c.lms_step, 1e-7, 1)},
      {"dsp.sign_sign", "", "LMS by signs only", BooleanKey{&c.sign_sign}},
      {"dsp.adaptive_thresholds", "", "thresholds at the least errors, else midway", BooleanKey{&c.adaptive_thresholds}},
  };
}

}  // namespace

std::vector<Key> optical_keys_of(Scenario& scenario) {
  std::vector<Key> keys;
  const auto add = [&](std::vector<Key> more) {
    keys.insert(keys.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  add(transmitter_keys(scenario.tx));
  add(plant_keys(scenario.plant));
  add(receiver_keys(scenario.rx));
  add(dsp_keys(scenario.dsp));
  add({{"environment.case_temperature_c", "C", "of the modules' cases",
        number(scenario.environment.case_temperature_c, -40, 100)}});
  return keys;
}

}  // namespace lightlane::link
