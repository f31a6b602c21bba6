import CAvTx
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

    @Test("The transform agrees with libavutil's", arguments: [256, 1024, 2048, 4096, 8192])
    func agreesWithLibav(count: Int) throws {
        let samples = Signal.noise(seconds: Double(count) / 44_100 + 0.001, seed: UInt64(count) + 7).channels[0]
        let input = FloatBuffer(Array(samples.prefix(count)))
        let fft = RealFFT(count: count)
        let (re, im) = (FloatBuffer(fft.bins), FloatBuffer(fft.bins))
        fft.transform(input.base, re: re.base, im: im.base)

        var context: OpaquePointer?
        var transform: av_tx_fn?
        var scale: Float = 1
        #expect(av_tx_init(&context, &transform, AV_TX_FLOAT_RDFT, 0, Int32(count), &scale, 0) >= 0)
        defer { av_tx_uninit(&context) }
        // libavutil asks for memory as its own allocator aligns it.
        let bytes = (count + 2) * MemoryLayout<Float>.stride
        let source = try #require(av_mallocz(bytes)).assumingMemoryBound(to: Float.self)
        let target = try #require(av_mallocz(bytes)).assumingMemoryBound(to: Float.self)
        defer {
            av_free(source)
            av_free(target)
        }
        source.update(from: input.base, count: count)
        guard let transform else {
            Issue.record("libavutil gives no transform")
            return
        }
        transform(context, target, source, MemoryLayout<Float>.stride)
        let tolerance = 4e-7 * Float(count).squareRoot() * 4
        for bin in 0..<fft.bins {
            #expect(
                abs(re.base[bin] - target[2 * bin]) < tolerance && abs(im.base[bin] - target[2 * bin + 1]) < tolerance)
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
