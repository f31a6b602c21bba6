import Foundation
import Testing

@testable import Audio

@Suite struct RealFFTTests {
    @Test("The transform equals the definition", arguments: [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192])
    func equalsDefinition(count: Int) {
        let samples = Signal.noise(seconds: Double(count) / 44_100 + 0.001, seed: UInt64(count)).channels[0]
        let input = FloatBuffer(Array(samples.prefix(count)))
        let fft = RealFFT(count: count)
        let (re, im) = (FloatBuffer(fft.bins), FloatBuffer(fft.bins))
        fft.transform(input.base, re: re.base, im: im.base)
        for bin in stride(from: 0, through: count / 2, by: max(1, count / 64)) {
            var (real, imaginary) = (0.0, 0.0)
            for index in 0..<count {
                let angle = -2 * Double.pi * Double(bin * index % count) / Double(count)
                real += Double(input.base[index]) * cos(angle)
                imaginary += Double(input.base[index]) * sin(angle)
            }
            let tolerance = 2e-6 * Double(count).squareRoot()
            #expect(abs(Double(re.base[bin]) - real) < tolerance)
            #expect(abs(Double(im.base[bin]) - imaginary) < tolerance)
        }
    }

    @Test("A full-scale sine has magnitude 1 in its bin and next to nothing elsewhere")
    func sine() throws {
        let history = MonoHistory(capacity: 4096)
        let bin = 100
        let frequency = Double(bin) * 22_050 / 2048
        let tone = Signal.sine(frequency, seconds: 0.15, rate: 22_050, amplitude: 1).channels[0]
        tone.withUnsafeBufferPointer { history.append($0.baseAddress!, min(4096, $0.count)) }
        let stream = SpectrumStream(size: 2048, hop: 1024)
        let spectrum = try #require(stream.advance(over: history))
        #expect(abs(spectrum[bin] - 1) < 1e-4)
        #expect(abs(spectrum[bin + 1] - 0.5) < 1e-3)
        #expect((0...1024).allSatisfy { abs($0 - bin) < 3 || spectrum[$0] < 1e-4 })
    }

    @Test("Logarithms agree with the library's", arguments: [Float(1e-12), 1e-6, 0.3, 0.99, 1, 1.01, 2, 1000, 1e9])
    func logarithms(value: Float) {
        let input = FloatBuffer((0..<19).map { value * (1 + Float($0) / 7) })
        let output = FloatBuffer(19)
        VectorMath.log(input.base, 19, scale: 3, offset: 1e-9, into: output.base)
        for index in 0..<19 {
            let expected = log(Double(input.base[index] * 3 + 1e-9))
            #expect(abs(Double(output.base[index]) - expected) < 2e-6 * max(1, abs(expected)))
        }
    }
}
