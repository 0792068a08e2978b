#include "lightlane/catalog/schema.hpp"

namespace lightlane::catalog {
namespace {

using Owner = PropertyKey::Owner;
using Type = PropertyKey::Type;
constexpr Owner tx = Owner::transmitter, rx = Owner::receiver, dsp = Owner::dsp, profile = Owner::profile;
constexpr Type number = Type::number, text = Type::text, list = Type::list;

constexpr PropertyKey table[] = {
    // Members of optics::TransmitterConfig.
    {tx, text, "modulator.kind", "mzm | eml | dml | vcsel", "how the light is modulated"},
    {tx, number, "modulator.bandwidth_ghz", "GHz", "electro-optic; DML, VCSEL: of the parasitics", 0, 200},
    {tx, number, "modulator.chirp_alpha", "", "phase = alpha / 2 ln P", -10, 10},
    {tx, number, "modulator.chirp_adiabatic_per_ws", "1/(W s)", "adiabatic chirp kappa (DML)", 0, 1e15},
    {tx, number, "modulator.vpi_v", "V", "MZM: voltage for a phase of pi", 0.1, 20},
    {tx, number, "modulator.bias_error", "", "MZM: offset from quadrature over Vpi", -0.5, 0.5},
    {tx, number, "modulator.static_extinction_db", "dB", "MZM: of the interferometer itself", 5, 60},
    {tx, number, "modulator.eam_exponent", "", "EML: P ~ exp(-(V / V0)^exponent)", 1, 6},
    {tx, number, "modulator.eam_v0_v", "V", "EML", 0.1, 10},
    {tx, number, "modulator.relaxation_ghz", "GHz", "DML, VCSEL: relaxation oscillation", 1, 100},
    {tx, number, "modulator.damping_per_ns", "1/ns", "DML, VCSEL: damping", 1, 1000},
    {tx, number, "driver.bandwidth_ghz", "GHz", "driver, second-order Butterworth", 0, 200},
    {tx, number, "driver.compression", "", "driver: third-order compression at full swing", 0, 0.5},
    {tx, number, "rin_db_per_hz", "dB/Hz", "RIN over the mean square of the instantaneous power", -180, -100},
    {tx, number, "jitter.random_fs", "fs", "random jitter, rms", 0, 10000},
    {tx, number, "jitter.even_odd_ui", "UI", "even-odd jitter, peak to peak", 0, 0.5},
    {tx, number, "level_error.1", "", "error of level P1 over OMA / 3", -0.5, 0.5},
    {tx, number, "level_error.2", "", "error of level P2 over OMA / 3", -0.5, 0.5},
    // Laser, for monitors, temperature and power.
    {tx, text, "laser.cooling", "none | tec",
     "whether a thermoelectric cooler holds the laser's temperature"},
    {tx, number, "laser.threshold_current_ma", "mA", "threshold current", 0, 200},
    {tx, number, "laser.threshold_temperature_k", "K", "T0: threshold grows with exp(dT / T0)", 10, 500},
    {tx, number, "laser.slope_efficiency_w_per_a", "W/A", "slope efficiency of the laser", 0.001, 2},
    {tx, number, "laser.slope_temperature_k", "K", "T1: slope falls with exp(-dT / T1)", 10, 5000},
    {tx, number, "laser.bias_current_ma", "mA", "operating current of one laser", 0, 1000},
    {tx, number, "laser.forward_voltage_v", "V", "at that current", 0.5, 5},
    {tx, number, "laser.wavelength_drift_nm_per_k", "nm/K", "of the laser's own temperature", -1, 1},
    {tx, number, "laser.rms_width_nm", "nm", "rms spectral width (VCSEL)", 0, 10},
    {tx, number, "laser.lanes_per_laser", "", "lanes that share one laser", 1, 16},
    {tx, number, "power.laser_w", "W", "per lane: its share of the laser", 0, 5},
    {tx, number, "power.driver_w", "W", "per lane: driver, and heater or bias of the modulator", 0, 5},
    {tx, number, "power.tec_w", "W", "per module: thermoelectric coolers", 0, 10},

    // Members of optics::PhotoreceiverConfig.
    {rx, text, "kind", "pin | apd | soa_pin", "detector"},
    {rx, text, "filter", "bessel_thomson4 | butterworth4", "shape of the amplifier's response"},
    {rx, number, "responsivity_a_per_w", "A/W", "APD: at unit gain", 0.01, 1.5},
    {rx, number, "tia_noise_pa_sqrt_hz", "pA/sqrt(Hz)", "input referred noise current", 0.1, 200},
    {rx, number, "bandwidth_ghz", "GHz", "photodiode and amplifier together", 0.1, 200},
    {rx, number, "apd_gain", "", "avalanche gain", 1, 100},
    {rx, number, "apd_k", "", "ratio of ionisation", 0, 1},
    {rx, number, "soa_gain_db", "dB", "gain of the optical amplifier", 0, 40},
    {rx, number, "soa_noise_figure_db", "dB", "its noise figure", 3, 20},
    {rx, number, "soa_optical_bandwidth_nm", "nm", "optical filter behind it", 0.01, 100},
    {rx, number, "overload_dbm", "dBm", "average power at which the amplifier saturates", -40, 20},
    {rx, number, "los_dbm", "dBm", "average power below which there is no signal", -60, 10},
    {rx, number, "power.tia_w", "W", "per lane: amplifier", 0, 5},
    {rx, number, "power.soa_w", "W", "per module: optical amplifier with its cooler", 0, 10},
    {rx, number, "power.apd_bias_w", "W", "per module: high voltage for avalanche diodes", 0, 5},

    // Members of rxdsp::EqualizerConfig, and of optics::DacConfig behind "dac.".
    {dsp, number, "dac.bits", "bit", "0 = not quantised", 0, 16},
    {dsp, number, "dac.enob", "bit", "effective bits; 0 = no noise", 0, 16},
    {dsp, number, "dac.bandwidth_ghz", "GHz", "0 = none", 0, 200},
    {dsp, list, "dac.ffe", "", "taps of the transmitter's equaliser"},
    {dsp, number, "dac.ffe_main", "", "index of its main tap", 0, 15},
    {dsp, number, "adc_bits", "bit", "0 = not quantised", 0, 16},
    {dsp, number, "adc_enob", "bit", "effective bits; 0 = no noise", 0, 16},
    {dsp, number, "adc_clip_ratio", "", "share of samples that gain control lets clip", 0, 0.1},
    {dsp, number, "ffe_taps", "", "taps of the receiver's equaliser", 1, 63},
    {dsp, number, "ffe_main", "", "taps ahead of the main one", 0, 31},
    {dsp, number, "dfe_taps", "", "0 or 1", 0, 1},
    {dsp, number, "mlse", "", "1: sequence detection behind the FFE", 0, 1},
    {dsp, number, "node_nm", "nm", "semiconductor node", 1, 180},
    {dsp, number, "power.dsp_w", "W", "per line lane: host and line side together, converters left out", 0,
     10},
    {dsp, number, "power.dac_w", "W", "per line lane: converter to analog", 0, 5},
    {dsp, number, "power.adc_w", "W", "per line lane: converter to digital", 0, 5},
    {dsp, number, "power.fec_w", "W", "per module: where it ends the FEC of the line", 0, 5},
    {dsp, number, "power.controller_w", "W", "per module: microcontroller, clocks, losses of the supply", 0,
     5},
    {dsp, number, "latency.tx_ns", "ns", "host pins to driver", 0, 10000},
    {dsp, number, "latency.rx_ns", "ns", "amplifier to host pins", 0, 10000},

    // What a PMD's name alone selects.
    {profile, number, "tx.oma_outer_dbm", "dBm", "launch", -20, 20},
    {profile, number, "tx.extinction_ratio_db", "dB", "of the launch", 0.1, 30},
    {profile, number, "rx.bandwidth_ghz", "GHz", "instead of the receiver's own", 0.1, 200},
    {profile, number, "plant.length_m", "m", "fibre", 0, 200000},
    {profile, number, "plant.attenuation_db_per_km", "dB/km", "at 1310 nm (multimode: 850 nm), where it is not the fibre's typical one", 0, 20},
    {profile, number, "plant.connectors", "", "mated pairs, those of the modules included", 0, 20},
    {profile, number, "plant.splices", "", "fusion splices along the way", 0, 100},
    {profile, number, "plant.mux_loss_db", "dB", "WDM multiplexer and demultiplexer together", 0, 20},
    {profile, number, "plant.mux_isolation_db", "dB", "of neighbouring wavelengths", 0, 80},
    {profile, number, "plant.bidi_isolation_db", "dB", "of a single-fibre module's own transmitter", 0, 80},
    {profile, list, "tx.lane_wavelength_nm", "nm", "instead of the PMD's nominal ones"},
};

}  // namespace

std::span<const PropertyKey> property_keys() noexcept { return table; }

}  // namespace lightlane::catalog
