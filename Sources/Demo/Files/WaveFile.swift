/// A canonical WAV file: 16-bit PCM, stereo.
package enum WaveFile {
    package static func bytes(of samples: StereoSamples, sampleRate: Int = SongSpec.sampleRate) -> [UInt8] {
        let channels = 2
        let frameBytes = channels * 2
        let data = samples.pcm16
        var file: [UInt8] = []
        file.reserveCapacity(data.count + 44)
        file.append(text: "RIFF")
        file.append(littleEndian: data.count + 36, bytes: 4)
        file.append(text: "WAVEfmt ")
        file.append(littleEndian: 16, bytes: 4)
        file.append(littleEndian: 1, bytes: 2)
        file.append(littleEndian: channels, bytes: 2)
        file.append(littleEndian: sampleRate, bytes: 4)
        file.append(littleEndian: sampleRate * frameBytes, bytes: 4)
        file.append(littleEndian: frameBytes, bytes: 2)
        file.append(littleEndian: 16, bytes: 2)
        file.append(text: "data")
        file.append(littleEndian: data.count, bytes: 4)
        return file + data
    }
}
